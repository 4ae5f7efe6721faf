// Data of word vectors: sampling, windows, noise words, byte pairs, look-up, files.
import * as fc from 'fast-check';
import { Rng } from '@d2lts/core';
import { Vocab } from '@d2lts/rnn';
import { describe, expect, it } from 'vitest';
import {
  AliasSampler,
  TokenEmbedding,
  mergePair,
  mostFrequentPair,
  negativeSamples,
  parseWordVectors,
  segmentWord,
  skipGramExamples,
  subsample,
} from './index.ts';

describe('subsample', () => {
  it('drops unknown words and keeps each word as often as the rule says', () => {
    const sentences = [
      ...Array.from({ length: 4000 }, () => ['the', 'cat']),
      ...Array.from({ length: 40 }, () => ['rare', 'unheard']),
    ];
    const vocab = new Vocab([['the'], ['cat'], ['rare']]);
    const { sentences: kept, counts } = subsample(sentences, vocab, { rng: new Rng(1), threshold: 0.05 });
    expect([...counts]).toEqual([
      ['the', 4000],
      ['cat', 4000],
      ['rare', 40],
    ]);
    const share = (word: string) => kept.flat().filter((w) => w === word).length / counts.get(word)!;
    const expected = Math.sqrt((0.05 * 8040) / 4000); // 0.317
    expect(Math.abs(share('the') - expected)).toBeLessThan(0.03);
    expect(share('rare')).toBe(1);
    expect(kept).toHaveLength(sentences.length);
    expect(kept.flat()).not.toContain('unheard');
  });
});

describe('skipGramExamples', () => {
  it('takes the words within a window, never the centre itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { maxLength: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(99),
        (ids, w, seed) => {
          const examples = skipGramExamples([ids], { maxWindow: w, rng: new Rng(seed) });
          expect(examples).toHaveLength(ids.length < 2 ? 0 : ids.length);
          examples.forEach(({ center, context }, i) => {
            expect(center).toBe(ids[i]);
            const windows = Array.from({ length: w }, (_, k) =>
              ids.filter((_, j) => j !== i && Math.abs(i - j) <= k + 1),
            );
            expect(windows).toContainEqual(context);
          });
        },
      ),
    );
  });

  it("draws windows from 1 to maxWindow, as the book's 0 to 6 with 2", () => {
    const examples = skipGramExamples([[0, 1, 2, 3, 4, 5, 6]], { maxWindow: 2, rng: new Rng(2) });
    expect(examples.map(({ center }) => center)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const sizes = Array.from(
      { length: 400 },
      (_, seed) =>
        skipGramExamples([[0, 1, 2, 3, 4]], { maxWindow: 2, rng: new Rng(seed) })[2]!.context.length,
    );
    expect(new Set(sizes)).toEqual(new Set([2, 4]));
    expect(() => skipGramExamples([], { maxWindow: 0, rng: new Rng(1) })).toThrow('maxWindow must be');
  });
});

describe('negativeSamples', () => {
  it('draws by count^0.75, nothing of the context, nothing uncounted', () => {
    const counts = [0, 16, 81, 1, 256];
    const [negatives] = negativeSamples([[3, ...Array.from({ length: 1999 }, () => 3)]], counts, {
      ratio: 5,
      rng: new Rng(4),
    });
    expect(negatives).toHaveLength(10_000);
    const share = (id: number) => negatives!.filter((n) => n === id).length / 10_000;
    expect(share(0)).toBe(0);
    expect(share(3)).toBe(0);
    for (const id of [1, 2, 4]) expect(Math.abs(share(id) - counts[id]! ** 0.75 / 99)).toBeLessThan(0.02);
  });

  it('says so when a context leaves nothing to draw', () => {
    expect(() => negativeSamples([[1, 2]], [0, 3, 4], { ratio: 1, rng: new Rng(1) })).toThrow(
      'a context must leave a word to draw',
    );
  });
});

describe('AliasSampler', () => {
  it('draws in proportion to any weights, never a weight of 0', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), fc.nat(99), (weights, seed) => {
        fc.pre(weights.some((w) => w > 0));
        const rng = new Rng(seed);
        const sampler = new AliasSampler(weights);
        const seen = new Float64Array(weights.length);
        for (let i = 0; i < 4000; i++) seen[sampler.draw(rng)]! += 1 / 4000;
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((w, i) => expect(Math.abs(seen[i]! - w / total)).toBeLessThan(w === 0 ? 1e-9 : 0.05));
      }),
      { numRuns: 40 },
    );
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1, NaN]], [[Infinity]]])('refuses the weights %j', (weights) => {
    expect(() => new AliasSampler(weights)).toThrow('weights must be finite, not negative, and not all 0');
  });
});

describe('byte pairs', () => {
  it("makes the book's ten merges and segments its words", () => {
    let words = Object.entries({ fast_: 4, faster_: 3, tall_: 5, taller_: 4 }).map(([word, count]) => ({
      symbols: [...word],
      count,
    }));
    const symbols = new Set('abcdefghijklmnopqrstuvwxyz_');
    const merges = Array.from({ length: 10 }, () => {
      const pair = mostFrequentPair(words)!;
      words = mergePair(words, pair);
      symbols.add(pair.join(''));
      return pair.join(' ');
    });
    expect(merges).toEqual([
      't a',
      'ta l',
      'tal l',
      'f a',
      'fa s',
      'fas t',
      'e r',
      'er _',
      'tall _',
      'fast _',
    ]);
    expect(words.map((word) => word.symbols.join(' '))).toEqual(['fast_', 'fast er_', 'tall_', 'tall er_']);
    expect(segmentWord('tallest_', symbols)).toEqual(['tall', 'e', 's', 't', '_']);
    expect(segmentWord('fatter_', symbols)).toEqual(['fa', 't', 't', 'er_']);
    expect(segmentWord('fa1st', symbols)).toEqual(['fa', '[UNK]']);
  });

  it('merges symbols, not parts of them, and stops when there is no pair', () => {
    expect(mergePair([{ symbols: ['xa', 'b', 'a', 'b', 'a', 'b'], count: 1 }], ['a', 'b'])).toEqual([
      { symbols: ['xa', 'b', 'ab', 'ab'], count: 1 },
    ]);
    expect(mergePair([{ symbols: ['a', 'a', 'a'], count: 1 }], ['a', 'a'])[0]!.symbols).toEqual(['aa', 'a']);
    expect(mostFrequentPair([{ symbols: ['a'], count: 3 }])).toBeUndefined();
  });
});

describe('TokenEmbedding', () => {
  const words = new TokenEmbedding(
    ['man', 'woman', 'son', 'daughter', 'zero'],
    Float32Array.from([1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0]),
    3,
  );

  it('finds neighbours and analogies by cosine', () => {
    expect(words.nearest('man', 2).map(({ token }) => token)).toEqual(['woman', 'son']);
    expect(words.nearest('man', 1)[0]!.similarity).toBeCloseTo(Math.SQRT1_2, 7);
    expect(words.analogy('man', 'woman', 'son', 1)).toEqual([
      { token: 'daughter', similarity: expect.closeTo(1, 7) as number },
    ]);
    expect(words.nearest('zero', 1)).toEqual([{ token: 'man', similarity: 0 }]);
    expect([...words.vector('unheard')]).toEqual([0, 0, 0]);
  });

  it('refuses unknown words and vectors of another width', () => {
    expect(() => words.nearest('unheard', 1)).toThrow('TokenEmbedding.nearest: the word must have a vector');
    expect(() => words.knn([1], 1)).toThrow('vector must have 3 values, got 1');
    expect(() => new TokenEmbedding(['a'], new Float32Array(2), 3)).toThrow('vectors must have 1 · 3 values');
  });
});

describe('parseWordVectors', () => {
  it("reads GloVe's and fastText's files, with words of several parts", async () => {
    const glove = await parseWordVectors(['the 0.5 -1e-3', '. . . 1 2', '']);
    expect(glove.tokens).toEqual(['the', '. . .']);
    expect([...glove.vectors]).toEqual([0.5, Math.fround(-1e-3), 1, 2]);
    const fastText = await parseWordVectors(['2 3', 'a 1 2 3 ', 'b 4 5 6'], { words: new Set(['b']) });
    expect(fastText.tokens).toEqual(['b']);
    expect(fastText.dim).toBe(3);
  });

  it.each([
    ['the 1 2', 'cat 1'],
    ['the 1 2', 'cat 1 x'],
    ['the 1 2', 'cat 1 '],
  ])('names the damaged line of %j', async (...lines) => {
    await expect(parseWordVectors(lines)).rejects.toThrow('line 2 must be a word and 2 numbers');
  });
});
