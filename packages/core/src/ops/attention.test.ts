// scaledDotProductAttention: kernel and composition in all layouts, with lengths, masks, causality and dropout.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { valueAndGrads } from '../autograd/index.ts';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeAttention, scaledDotProductAttention, type AttentionOptions } from './index.ts';

interface Sizes {
  batch?: number;
  queries?: number;
  keys?: number;
  dim?: number;
}

describeOnBackends('scaledDotProductAttention', (backend) => {
  const check = (shapes: number[][], options: () => AttentionOptions, differences = true) => {
    const given = tf.tidy(() => options() as unknown as tf.TensorContainer) as unknown as AttentionOptions;
    const run = (f: typeof composeAttention) => (query?: tf.Tensor, key?: tf.Tensor, value?: tf.Tensor) => {
      const { output, weights } = f({ query: query as tf.Tensor, key, value }, given);
      return [output, weights];
    };
    checkOperation({
      kernel: 'D2LAttention',
      backend,
      operation: run(scaledDotProductAttention),
      reference: run(composeAttention),
      inputs: () => shapes.map((shape, i) => pattern(shape, 1, i)),
      differences,
    });
    tf.dispose([given.validLens, given.mask].filter((tensor) => tensor !== undefined));
  };
  const separate = ({ batch = 2, queries = 3, keys = 4, dim = 4 }: Sizes = {}) => [
    [batch, queries, dim],
    [batch, keys, dim],
    [batch, keys, dim],
  ];
  const lens = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape, 'int32');

  it('takes separate, packed qkv and packed kv inputs', () => {
    check(separate(), () => ({ numHeads: 2 }));
    check([[2, 3, 12]], () => ({ numHeads: 2 }));
    check(
      [
        [2, 3, 4],
        [2, 5, 8],
      ],
      () => ({ numHeads: 1, scale: 0.3 }),
    );
  });

  it('hides keys by length, causality and mask', () => {
    check(separate(), () => ({ numHeads: 2, validLens: lens([2, 4]) }));
    check(separate(), () => ({ numHeads: 1, validLens: lens([1, 2, 4, 3, 0, 1], [2, 3]) }));
    check([[2, 4, 12]], () => ({ numHeads: 2, causal: true }));
    check(separate({ queries: 2, keys: 4 }), () => ({ numHeads: 2, causal: true }));
    check(separate({ queries: 4, keys: 2 }), () => ({ numHeads: 2, causal: true, validLens: lens([1, 2]) }));
    check(separate(), () => ({ numHeads: 2, mask: pattern([1, 2, 3, 4], 2) }));
    check(separate(), () => ({ numHeads: 2, mask: pattern([2, 1, 1, 4], 2), validLens: lens([3, 0]) }));
    check(separate(), () => ({
      numHeads: 2,
      mask: tf.tensor4d([0, Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY], [1, 1, 1, 4]),
    }));
  });

  it('drops weights', () => {
    check(separate(), () => ({ numHeads: 2, dropout: 0.4, seed: [7, 9] }));
    check([[2, 5, 18]], () => ({
      numHeads: 3,
      dropout: 0.2,
      seed: [1, 2],
      causal: true,
      returnWeights: true,
    }));
  });

  it('passes gradients through the weights, in every layout', () => {
    const returnWeights = true;
    check(separate(), () => ({ numHeads: 2, returnWeights }));
    check([[2, 3, 12]], () => ({ numHeads: 2, causal: true, returnWeights }));
    check([[2, 3, 4], [2, 5, 8]], () => ({ numHeads: 2, validLens: lens([2, 0]), returnWeights })); // prettier-ignore
    check(separate({ keys: 5 }), () => ({
      numHeads: 1,
      scale: 0.3,
      dropout: 0.4,
      seed: [7, 9],
      returnWeights,
    }));
  });

  it('passes gradients through the weights alone', () => {
    tf.tidy(() => {
      const inputs = separate().map((shape, i) => pattern(shape, 1, i));
      const [query, key, value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      const coverage = (f: typeof composeAttention) =>
        valueAndGrads(() => {
          const { weights } = f({ query, key, value }, { numHeads: 2, returnWeights: true });
          return tf.sum(tf.square(weights!));
        }, inputs).grads;
      const [actual, expected] = [coverage(scaledDotProductAttention), coverage(composeAttention)];
      actual.forEach((gradient, i) => expectClose(gradient, expected[i]!));
      expect(Math.max(...tf.abs(actual[0]!).dataSync())).toBeGreaterThan(1e-3);
    });
  });

  it('takes size 1, nothing, and odd sizes', () => {
    check(separate({ batch: 1, queries: 1, keys: 1, dim: 1 }), () => ({}));
    check(separate({ batch: 0 }), () => ({ numHeads: 2 }), false);
    check(
      separate({ batch: 3, queries: 17, keys: 29, dim: 15 }),
      () => ({ numHeads: 3, validLens: lens([29, 13, 0]) }),
      false,
    );
    check([[2, 33, 3 * 40]], () => ({ numHeads: 5, causal: true, dropout: 0.1, seed: [3, 4] }), false);
  });

  it('returns the weights: rows sum to 1, or to 0 when nothing is seen', () => {
    tf.tidy(() => {
      const [query, key, value] = separate().map((shape, i) => pattern(shape, 1, i)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const { output, weights } = scaledDotProductAttention(
        { query, key, value },
        { numHeads: 2, validLens: lens([3, 0]), returnWeights: true },
      );
      expect(weights?.shape).toEqual([2, 2, 3, 4]);
      expectClose(tf.sum(weights as tf.Tensor, -1), [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
      expect(Math.max(...tf.abs(tf.slice(output, [1, 0, 0], [1, 3, 4])).dataSync())).toBe(0);
    });
  });

  it('averages equal keys (book, DotProductAttention: 2, 3, 4, 5 and 10, 11, 12, 13)', () => {
    tf.tidy(() => {
      const value = tf.tile(tf.reshape(tf.range(0, 40), [1, 10, 4]), [2, 1, 1]);
      const { output } = scaledDotProductAttention(
        { query: pattern([2, 1, 2]), key: tf.ones([2, 10, 2]), value },
        { validLens: lens([2, 6]) },
      );
      expectClose(output, [2, 3, 4, 5, 10, 11, 12, 13]);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => scaledDotProductAttention({ query: tf.zeros([1, 2, 6]) }, { numHeads: 4 })).toThrow(
        'scaledDotProductAttention: query features must be 3 · numHeads · dim, got 6',
      );
      expect(() => scaledDotProductAttention({ query: tf.zeros([1, 2, 6]) }, { dropout: 0.1 })).toThrow(
        'scaledDotProductAttention: dropout needs a seed, got undefined; pass rng.seedPair()',
      );
    });
  });
});
