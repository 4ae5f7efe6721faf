// The book's text functions, on small texts and (when the data is there) its exact numbers.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bookBleu } from '../metrics/bookBleu.ts';
import {
  Vocab,
  buildArrayNmt,
  cleanLines,
  countCorpus,
  countStream,
  loadCorpus,
  preprocessNmt,
  tokenize,
  tokenizeNmt,
  truncatePad,
} from './index.ts';

const timeMachine = join(process.env.D2LTS_DATA ?? '/nowhere', 'time-machine', 'timemachine.txt');

describe('Vocab', () => {
  const tokens = [['b', 'a', 'c'], ['a', 'b'], ['a']];

  it('orders by frequency, ties by first appearance', () => {
    const vocab = new Vocab(tokens, { reservedTokens: ['<pad>'] });
    expect(vocab.toJSON()).toEqual(['<unk>', '<pad>', 'a', 'b', 'c']);
    expect(vocab.tokenFreqs).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ]);
    expect(vocab.indices(['c', 'x'])).toEqual([4, 0]);
    expect(vocab.tokens([2, 3])).toEqual(['a', 'b']);
  });

  it('is the same from a stream of lines', async () => {
    async function* lines() {
      yield* tokens;
    }
    const counts = await countStream(lines());
    expect([...counts]).toEqual([...countCorpus(tokens)]);
    expect(new Vocab(counts, { minFreq: 2 }).toJSON()).toEqual(new Vocab(tokens, { minFreq: 2 }).toJSON());
  });

  it('drops rare tokens and survives JSON', () => {
    const vocab = new Vocab(tokens, { minFreq: 2 });
    expect(vocab.has('c')).toBe(false);
    expect(Vocab.fromJSON(vocab.toJSON()).toJSON()).toEqual(vocab.toJSON());
    expect(() => vocab.token(99)).toThrow('index must be an integer from 0 to 2, got 99');
    expect(() => Vocab.fromJSON(['a'])).toThrow('starts with "<unk>"');
  });
});

describe('translation pairs', () => {
  it('separates punctuation and plain spaces', () => {
    expect(preprocessNmt('Go.\tVa\u202f!\n')).toBe('go .\tva !\n');
    expect(tokenizeNmt('go .\tva !\nhi\n', 5)).toEqual({ source: [['go', '.']], target: [['va', '!']] });
  });

  it('pads, cuts and counts', () => {
    expect(truncatePad([1, 2, 3], 2, 0)).toEqual([1, 2]);
    expect(truncatePad([1], 3, 0)).toEqual([1, 0, 0]);
    const vocab = new Vocab(['a', 'b'], { reservedTokens: ['<pad>', '<bos>', '<eos>'] });
    const { ids, validLens } = buildArrayNmt([['a'], ['a', 'b', 'a', 'b']], vocab, 4);
    expect(Array.from(ids)).toEqual([4, 3, 1, 1, 4, 5, 4, 5]);
    expect(Array.from(validLens)).toEqual([2, 4]);
  });
});

describe('bookBleu', () => {
  it('gives the printed results', () => {
    expect(bookBleu('va !', 'va !', 2)).toBe(1);
    expect(bookBleu('il est riche .', 'il est calme .', 2)).toBeCloseTo(0.658, 4);
    expect(bookBleu('je suis tout en bas', 'je suis chez moi .', 2)).toBeCloseTo(0.4472, 4);
  });

  it('is guarded where the book divides by zero', () => {
    expect(bookBleu('va', 'va !', 2)).toBe(0);
    expect(bookBleu('', 'va !', 2)).toBe(0);
    expect(() => bookBleu('a', 'a', 0)).toThrow('k must be a positive integer, got 0');
  });
});

describe.runIf(existsSync(timeMachine))('The Time Machine', () => {
  const text = existsSync(timeMachine) ? readFileSync(timeMachine, 'utf8') : '';

  it('has 3,221 lines, 170,580 characters and 28 of them distinct', () => {
    const lines = cleanLines(text);
    expect(lines).toHaveLength(3221);
    expect(lines[0]).toBe('the time machine by h g wells');
    const { corpus, vocab } = loadCorpus(text);
    expect(corpus).toHaveLength(170_580);
    expect(vocab.size).toBe(28);
    expect(vocab.toJSON().slice(0, 5)).toEqual(['<unk>', ' ', 'e', 't', 'a']);
  });

  it("has the book's most frequent words, pairs and triples", () => {
    const words = tokenize(cleanLines(text)).flat();
    const ngrams = (n: number) =>
      new Vocab(words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(' '))).tokenFreqs;
    expect(ngrams(1).slice(0, 2)).toEqual([
      ['the', 2261],
      ['i', 1267],
    ]);
    expect(ngrams(2)[0]).toEqual(['of the', 309]);
    expect(ngrams(3)[0]).toEqual(['the time traveller', 59]);
    expect(countCorpus(words).size).toBe(new Vocab(words).size - 1);
  });
});
