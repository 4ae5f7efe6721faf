// n-gram models: counts against the definition, probabilities that sum to one, a hand-computed Kneser-Ney.
import { plotCurves } from '@d2lts/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  KneserNeyModel,
  LaplaceModel,
  NgramCounts,
  fitZipf,
  ngramsOf,
  rankFrequencies,
  scoreNgrams,
  zipfLines,
} from './index.ts';

const vocabSize = 4;
const stream = fc.array(fc.nat(vocabSize - 1), { minLength: 1, maxLength: 40 });

function countByDefinition(ids: number[], ngram: number[]): number {
  let count = 0;
  for (let i = 0; i + ngram.length <= ids.length; i++) if (ngram.every((t, k) => ids[i + k] === t)) count++;
  return count;
}

describe('NgramCounts', () => {
  it('counts as the definition says', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(vocabSize - 1), { minLength: 1, maxLength: 3 }), (ids, ngram) => {
        expect(new NgramCounts(3, vocabSize).add(ids).count(ngram)).toBe(countByDefinition(ids, ngram));
      }),
    );
  });

  it('does not count across streams', () => {
    const counts = new NgramCounts(2, 3).add([0, 1]).add([2]);
    expect(counts.count([1, 2])).toBe(0);
    expect(counts.count([])).toBe(3);
  });

  it('refuses ids outside the vocabulary and bad sizes', () => {
    expect(() => new NgramCounts(2, 3).add([3])).toThrow(
      'NgramCounts.add: token ids must be integers from 0 to 2, got 3',
    );
    expect(() => new NgramCounts(0, 3)).toThrow('order must be a positive integer, got 0');
  });
});

describe('smoothing', () => {
  it('gives probabilities that sum to one after any context', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(vocabSize - 1), { maxLength: 4 }), (ids, context) => {
        const counts = new NgramCounts(3, vocabSize).add(ids);
        const models = [
          new LaplaceModel(counts, { alpha: 0.1 }),
          new KneserNeyModel(counts),
          new KneserNeyModel(counts, { discounts: 'single' }),
        ];
        for (const model of models) {
          const probabilities = Array.from({ length: vocabSize }, (_, token) =>
            model.probability(context, token),
          );
          expect(Math.min(...probabilities)).toBeGreaterThan(0);
          expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it('is the hand-computed bigram Kneser-Ney', () => {
    // a b a c a b: bigrams ab 2, ba 1, ac 1, ca 1. Bigram discount 3 / (3 + 2·1) = 0.6.
    // Left neighbours: a 2 (b, c), b 1 (a), c 1 (a): n1 = 2, n2 = 1, unigram discount 2 / (2 + 2) = 0.5, total 4.
    const model = new KneserNeyModel(new NgramCounts(2, 3).add([0, 1, 0, 2, 0, 1]), { discounts: 'single' });
    const unigram = (left: number) => (left - 0.5) / 4 + ((3 * 0.5) / 4) * (1 / 3);
    expect(model.probability([0], 1)).toBeCloseTo((2 - 0.6) / 3 + ((2 * 0.6) / 3) * unigram(1), 12);
    expect(model.probability([0], 0)).toBeCloseTo(((2 * 0.6) / 3) * unigram(2), 12);
    expect(model.probability([], 0)).toBeCloseTo(unigram(2), 12);
  });

  it('predicts a periodic text almost surely and unseen text badly', () => {
    const period = Array.from({ length: 300 }, (_, i) => i % vocabSize);
    const model = new KneserNeyModel(new NgramCounts(3, vocabSize).add(period));
    expect(scoreNgrams(model, period).perplexity).toBeLessThan(1.1);
    expect(scoreNgrams(model, [...period].reverse()).perplexity).toBeGreaterThan(vocabSize);
    const [all, rest] = [scoreNgrams(model, period), scoreNgrams(model, period, { skip: 1 })];
    expect(rest.tokens).toBe(all.tokens - 1);
    const first = -Math.log(model.probability([], period[0]!));
    expect(rest.nats * rest.tokens).toBeCloseTo(all.nats * all.tokens - first, 8);
    expect(() => scoreNgrams(model, [])).toThrow('there must be a token to predict');
    expect(() => scoreNgrams(model, [1], { skip: 1 })).toThrow('there must be a token to predict');
  });
});

describe('Zipf', () => {
  it('ranks n-grams and recovers an exact power law', () => {
    expect(rankFrequencies(ngramsOf(['a', 'b', 'a', 'b'], 2))).toEqual([
      { rank: 1, item: 'a b', count: 2 },
      { rank: 2, item: 'b a', count: 1 },
    ]);
    const law = Array.from({ length: 20 }, (_, i) => ({
      rank: i + 1,
      item: i,
      count: 1000 * (i + 1) ** -1.2,
    }));
    expect(fitZipf(law).alpha).toBeCloseTo(1.2, 10);
    expect(fitZipf([]).alpha).toBe(0);
  });

  it('gives a line an order, plotted on log scales', async () => {
    const lines = zipfLines(['a', 'b', 'a', 'c', 'a', 'b'], [1, 2]);
    expect(lines).toEqual([
      { name: '1-gram', x: [1, 2, 3], y: [3, 2, 1] },
      { name: '2-gram', x: [1, 2, 3, 4], y: [2, 1, 1, 1] },
    ]);
    expect(await plotCurves(lines, { xScale: 'log', yScale: 'log' })).toContain('2-gram');
  });
});
