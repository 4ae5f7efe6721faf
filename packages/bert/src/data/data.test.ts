// BERT's pretraining data: the sequence layout, next-sentence pairs, masking statistics, padding.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '@d2lts/core';
import { maskTokens, nextSentenceExamples, padPretrainingExamples, tokensAndSegments } from './index.ts';

describe('tokensAndSegments', () => {
  it('wraps one or two texts as the book does', () => {
    expect(tokensAndSegments(['this', 'movie'])).toEqual({
      tokens: ['[CLS]', 'this', 'movie', '[SEP]'],
      segments: [0, 0, 0, 0],
    });
    expect(tokensAndSegments(['a'], ['b', 'c'])).toEqual({
      tokens: ['[CLS]', 'a', '[SEP]', 'b', 'c', '[SEP]'],
      segments: [0, 0, 0, 1, 1, 1],
    });
  });
});

describe('nextSentenceExamples', () => {
  const paragraph = Array.from({ length: 401 }, (_, i) => [`s${i}`]);
  const other = [['other']];

  it('takes the next sentence about half of the time and says so', () => {
    const examples = nextSentenceExamples(paragraph, [other], { maxLength: 16, rng: new Rng(1) });
    expect(examples).toHaveLength(400);
    examples.forEach((example, i) => {
      expect(example.tokens[1]).toBe(`s${i}`);
      expect(example.tokens[3]).toBe(example.isNext ? `s${i + 1}` : 'other');
    });
    const share = examples.filter((e) => e.isNext).length / examples.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it('leaves out pairs that are too long, and refuses to draw from nothing', () => {
    expect(nextSentenceExamples(paragraph, [other], { maxLength: 4, rng: new Rng(1) })).toEqual([]);
    expect(() => nextSentenceExamples(paragraph, [[]], { maxLength: 9, rng: new Rng(1) })).toThrow(
      'paragraphs must hold at least one sentence',
    );
  });
});

describe('maskTokens', () => {
  const options = (seed: number) => ({
    vocabSize: 100,
    maskId: 4,
    specialIds: [0, 2, 3],
    rng: new Rng(seed),
  });

  it('hides 15% of the tokens, never special ones, and remembers what stood there', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 60 }), fc.nat(1000), (ids, seed) => {
        const { ids: masked, positions, labels } = maskTokens(ids, options(seed));
        const free = ids.filter((id) => ![0, 2, 3].includes(id)).length;
        expect(positions).toHaveLength(Math.min(free, Math.max(1, Math.round(ids.length * 0.15))));
        expect(labels).toEqual(positions.map((i) => ids[i]));
        masked.forEach((id, i) => {
          if (!positions.includes(i)) expect(id).toBe(ids[i]);
        });
        expect(positions.some((i) => [0, 2, 3].includes(ids[i]!))).toBe(false);
      }),
    );
  });

  it('replaces 80% by [MASK], keeps 10%, draws 10% at random', () => {
    const ids = Array.from({ length: 20_000 }, () => 50);
    const { ids: masked, positions } = maskTokens(ids, options(7));
    const share = (of: (id: number) => boolean) =>
      positions.filter((i) => of(masked[i]!)).length / positions.length;
    expect(share((id) => id === 4)).toBeCloseTo(0.8, 1);
    expect(share((id) => id === 50)).toBeCloseTo(0.1, 1);
    expect(share((id) => id !== 4 && id !== 50)).toBeCloseTo(0.1, 1);
  });

  it('refuses an impossible share', () => {
    expect(() => maskTokens([5], { ...options(1), probability: 0 })).toThrow('probability must be above 0');
  });
});

describe('padPretrainingExamples', () => {
  const example = { ids: [2, 7, 3], segments: [0, 0, 0], positions: [1], labels: [9], isNext: true };

  it('pads ids, segments and predictions, and weighs real predictions only', () => {
    const batch = padPretrainingExamples([example, { ...example, isNext: false }], {
      maxLength: 4,
      maxPredictions: 2,
      padId: 0,
    });
    expect([...batch.ids]).toEqual([2, 7, 3, 0, 2, 7, 3, 0]);
    expect([...batch.validLens]).toEqual([3, 3]);
    expect([...batch.positions]).toEqual([1, 0, 1, 0]);
    expect([...batch.weights]).toEqual([1, 0, 1, 0]);
    expect([...batch.nextSentence]).toEqual([1, 0]);
  });

  it('refuses what does not fit', () => {
    expect(() => padPretrainingExamples([example], { maxLength: 2, maxPredictions: 2, padId: 0 })).toThrow(
      'example 0 must have at most 2 tokens, got 3; truncate it',
    );
  });
});
