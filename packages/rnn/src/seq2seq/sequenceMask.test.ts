// The book's masking examples (section 9.7).
import { useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { maskedSoftmaxCELoss, sequenceMask } from './index.ts';

const lens = (...values: number[]) => tf.tensor1d(values, 'int32');

describe('masking', () => {
  beforeAll(() => useBackend());

  it('masks steps, also of sequences of vectors', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      expect(sequenceMask(x, lens(1, 2)).arraySync()).toEqual([
        [1, 0, 0],
        [4, 5, 0],
      ]);
      const vectors = sequenceMask(tf.ones([2, 3, 4]), lens(1, 2), -1).arraySync() as number[][][];
      expect(vectors[0]).toEqual([
        [1, 1, 1, 1],
        [-1, -1, -1, -1],
        [-1, -1, -1, -1],
      ]);
    });
  });

  it("gives the book's masked losses: ln 10, its half, 0", () => {
    tf.tidy(() => {
      const losses = maskedSoftmaxCELoss(tf.ones([3, 4, 10]), tf.ones([3, 4], 'int32'), lens(4, 2, 0));
      const expected = [Math.LN10, Math.LN10 / 2, 0];
      losses.dataSync().forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 4));
    });
  });
});
