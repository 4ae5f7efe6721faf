// Explanations: statuses of n-grams, and agreement with the counts of the score.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLEU, silentLogger } from '../index.ts';

const bleu = new BLEU({ maxNgramOrder: 2, logger: silentLogger });

describe('explain', () => {
  it('tells matched, clipped, unmatched and missed apart', () => {
    const { tokens, orders } = bleu.explain('the the the cat', ['the cat the dog', 'a cat']);
    expect(tokens).toEqual(['the', 'the', 'the', 'cat']);
    expect(orders[0]).toEqual({
      order: 1,
      matched: 3,
      total: 4,
      ngrams: [
        { tokens: ['the'], positions: [0, 1, 2], matched: 2, referenceCount: 2, status: 'clipped' },
        { tokens: ['cat'], positions: [3], matched: 1, referenceCount: 1, status: 'matched' },
      ],
      missed: [
        { tokens: ['dog'], missing: 1 },
        { tokens: ['a'], missing: 1 },
      ],
    });
    expect(orders[1]!.ngrams.map(({ tokens: ngram, status }) => [ngram.join(' '), status])).toEqual([
      ['the the', 'unmatched'],
      ['the cat', 'matched'],
    ]);
  });

  it('adds up to the counts of the score', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c,', 'd.'), { maxLength: 10 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (hypothesis, references) => {
        const { orders } = bleu.explain(hypothesis, references);
        const [row] = bleu.extractStatistics(
          [hypothesis],
          references.map((reference) => [reference]),
        );
        expect(orders.map(({ matched }) => matched)).toEqual(row!.slice(2, 4));
        expect(orders.map(({ total }) => total)).toEqual(row!.slice(4));
      }),
    );
  });
});
