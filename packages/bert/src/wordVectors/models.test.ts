// Skip-gram, GloVe and subword vectors: PyTorch's numbers (golden/word_vectors.py), and what they learn.
import { readFileSync } from 'node:fs';
import { Adam, type Module, Rng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectGradients,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import {
  Glove,
  SkipGram,
  SubwordEmbedding,
  TokenEmbedding,
  characterNgrams,
  cooccurrences,
  fastTextHash,
  gloveLoss,
  negativeSamples,
  skipGramBatch,
  skipGramExamples,
  skipGramLoss,
} from './index.ts';

interface Run {
  weights: GoldenWeights;
  gradients: Record<string, number[]>;
  losses: number[];
}
const golden = JSON.parse(
  readFileSync(new URL('golden/word_vectors.json', import.meta.url), 'utf8'),
) as Record<'skipGram' | 'glove', Run> & { hashes: Record<string, number> };

beforeAll(() => useBackend());

function expectRun(model: Module, loss: () => tf.Scalar, { gradients, losses }: Run): void {
  expectGradients(model, loss, gradients, 1e-5);
  expectAdamSteps(model, loss, losses);
  model.dispose();
}

describe('SkipGram', () => {
  it("has PyTorch's loss, gradients and Adam steps", () => {
    const model = loadGolden(new SkipGram(7, 4, { rng: new Rng(1) }), golden.skipGram.weights);
    const examples = [
      { center: 1, context: [2, 3] },
      { center: 4, context: [2] },
      { center: 1, context: [6] },
    ];
    const batch = skipGramBatch(examples, [[5, 6, 6], [2, 1], []]);
    expect([...batch.contextsAndNegatives.dataSync()]).toEqual([2, 3, 5, 6, 6, 2, 2, 1, 0, 0, 6, 0, 0, 0, 0]);
    expectRun(model, () => skipGramLoss(model, batch), golden.skipGram);
    tf.dispose({ ...batch });
  });

  it('learns which words stand together', () => {
    // Two topics of three words each; a sentence stays within its topic.
    const rng = new Rng(3);
    const sentences = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 6 }, () => 1 + 3 * (i % 2) + rng.integer(0, 3)),
    );
    const examples = skipGramExamples(sentences, { maxWindow: 2, rng });
    const negatives = negativeSamples(
      examples.map(({ context }) => context),
      [0, 9, 9, 9, 9, 9, 9],
      { ratio: 2, rng },
    );
    const batch = skipGramBatch(examples, negatives);
    const model = new SkipGram(7, 8, { rng });
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    for (let step = 0; step < 60; step++) {
      const { value, grads } = valueAndGrads(() => skipGramLoss(model, batch), model.parameters());
      optimizer.step(grads);
      tf.dispose([value, grads]);
    }
    const vectors = model.center.weight.dataSync() as Float32Array;
    const words = new TokenEmbedding(['<unk>', 'a', 'b', 'c', 'x', 'y', 'z'], vectors.slice(), 8);
    const near = (word: string) =>
      words.knn(words.vector(word), 2, [word, '<unk>']).map(({ token }) => token);
    expect(near('a').sort()).toEqual(['b', 'c']);
    expect(near('y').sort()).toEqual(['x', 'z']);
    tf.dispose({ ...batch });
    optimizer.dispose();
    model.dispose();
  });
});

describe('Glove', () => {
  it("has PyTorch's loss, gradients and Adam steps", () => {
    const model = loadGolden(new Glove(7, 4, { rng: new Rng(1) }), golden.glove.weights);
    const batch = {
      centers: tf.tensor1d([1, 2, 2, 6], 'int32'),
      contexts: tf.tensor1d([3, 2, 0, 6], 'int32'),
      counts: tf.tensor1d([0.5, 3, 100, 250]),
    };
    expectRun(model, () => gloveLoss(model, batch), golden.glove);
    tf.dispose(batch);
  });

  it('counts neighbours by the inverse of their distance, both ways', () => {
    const found = cooccurrences([[1, 2, 1]], 2);
    const counts = Object.fromEntries(found.map((c) => [`${c.center},${c.context}`, c.count]));
    expect(counts).toEqual({ '1,2': 2, '2,1': 2, '1,1': 1 }); // 1 and 1: 1/2, once from each side
    expect(() => cooccurrences([[1]], 0)).toThrow('window must be a positive integer, got 0');
  });
});

describe('SubwordEmbedding', () => {
  it('has the n-grams of the paper and the hashes of fastText', () => {
    expect(characterNgrams('where', { max: 3 })).toEqual(['<wh', 'whe', 'her', 'ere', 're>']);
    expect(characterNgrams('a', { min: 1 })).toEqual(['<', 'a', '>', '<a', 'a>']);
    expect(characterNgrams('😀', { min: 2, max: 2 })).toEqual(['<😀', '😀>']);
    for (const [text, hash] of Object.entries(golden.hashes)) expect(fastTextHash(text)).toBe(hash);
    expect(() => characterNgrams('a', { min: 3, max: 2 })).toThrow('1 ≤ min ≤ max');
  });

  it('is the mean of its rows, also for unknown words', () => {
    const model = new SubwordEmbedding(['where', 'here'], 3, { buckets: 50, max: 3, rng: new Rng(1) });
    expect(model.rows('where')).toHaveLength(6);
    expect(model.rows('there')).toHaveLength(5);
    expect(model.rows('where')[0]).toBe(0);
    const table = model.table.weight.arraySync() as number[][];
    const vectors = tf.tidy(() => model.forward(['where', 'there', '']).arraySync()) as number[][];
    for (const [i, word] of ['where', 'there'].entries()) {
      const rows = model.rows(word).map((row) => table[row]!);
      const mean = [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
      vectors[i]!.forEach((value, j) => expect(value).toBeCloseTo(mean[j]!, 5));
    }
    expect(model.rows('')).toEqual([]);
    expect(vectors[2]).toEqual([0, 0, 0]);
    model.dispose();
  });
});
