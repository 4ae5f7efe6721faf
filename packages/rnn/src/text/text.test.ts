// The book's text functions, on small texts and (when the data is there) its exact numbers.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@d2lts/core';
import { afterAll, describe, expect, it } from 'vitest';
import { bookBleu } from '../metrics/bookBleu.ts';
import {
  Vocab,
  buildArrayNmt,
  cleanLines,
  countCorpus,
  countStream,
  loadCorpus,
  loadCorpusTimeMachine,
  loadDataTimeMachine,
  preprocessNmt,
  readTimeMachine,
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

describe('the loaders of The Time Machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'time-machine-'));
  const path = join(folder, 'timemachine.txt');
  writeFileSync(path, 'The Time Machine, by H. G. Wells\n\nI\n\nThe Time Traveller (for so it will be)\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('read lines of letters only', async () => {
    expect(await readTimeMachine({ path })).toEqual([
      'the time machine by h g wells',
      '',
      'i',
      '',
      'the time traveller for so it will be',
    ]);
  });

  it('give the corpus by characters or words, whole or cut, with the vocabulary of all of it', async () => {
    const whole = await loadCorpusTimeMachine({ path });
    expect(whole.vocab.tokens(whole.corpus).join('')).toBe((await readTimeMachine({ path })).join(''));
    const cut = await loadCorpusTimeMachine({ path, maxTokens: 8 });
    expect(cut.vocab.tokens(cut.corpus).join('')).toBe('the time');
    expect(cut.vocab.size).toBe(whole.vocab.size);
    const words = await loadCorpusTimeMachine({ path, unit: 'word' });
    expect(words.vocab.tokens(words.corpus).slice(0, 3)).toEqual(['the', 'time', 'machine']);
  });

  it('give batches of pairs shifted by one', async () => {
    const options = { path, batchSize: 2, numSteps: 4, rng: new Rng(1), maxTokens: 30 };
    const { loader, vocab } = await loadDataTimeMachine(options);
    const { corpus } = await loadCorpusTimeMachine({ path, maxTokens: 30 });
    const text = vocab.tokens(corpus).join('');
    let count = 0;
    for await (const { x, y, batch, steps } of loader) {
      expect([batch, steps]).toEqual([2, 4]);
      for (const row of [0, 1]) {
        const read = (ids: ArrayLike<number>) =>
          vocab.tokens(Array.from(ids).slice(4 * row, 4 * row + 4)).join('');
        expect(text).toContain(read(x) + read(y).slice(-1));
        expect(read(y).slice(0, -1)).toBe(read(x).slice(1));
      }
      count += 1;
    }
    expect(count).toBeGreaterThanOrEqual(2);
  });
});

describe.runIf(existsSync(timeMachine))("The Time Machine's exact numbers (need D2LTS_DATA)", () => {
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

  it('is what the loaders give', async () => {
    expect(await readTimeMachine()).toHaveLength(3221);
    const { corpus, vocab } = await loadCorpusTimeMachine();
    expect([corpus.length, vocab.size]).toEqual([170_580, 28]);
    const { loader } = await loadDataTimeMachine({ batchSize: 32, numSteps: 35, rng: new Rng(1) });
    let tokens = 0;
    for await (const { x } of loader) tokens += x.length;
    expect(tokens).toBeLessThanOrEqual(10_000); // of the first 10,000 characters
    expect(tokens).toBeGreaterThan(10_000 - 2 * 32 * 35);
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
