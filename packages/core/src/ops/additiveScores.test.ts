// additiveScores: kernel, composition, gradients, odd sizes.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { additiveScores, composeAdditiveScores } from './index.ts';

describeOnBackends('additiveScores', (backend) => {
  const check = (batch: number, queries: number, keys: number, hidden: number, differences = true) =>
    checkOperation({
      kernel: 'D2LAdditiveScores',
      backend,
      operation: (q, k, v) => additiveScores(q as tf.Tensor, k as tf.Tensor, v as tf.Tensor),
      reference: (q, k, v) => composeAdditiveScores(q as tf.Tensor, k as tf.Tensor, v as tf.Tensor),
      inputs: () => [
        pattern([batch, queries, hidden]),
        pattern([batch, keys, hidden], 1, 1),
        pattern([hidden], 1, 2),
      ],
      differences,
    });

  it('scores every query with every key', () => check(2, 3, 4, 5));

  it('takes odd sizes', () => {
    check(1, 1, 1, 1);
    check(0, 2, 3, 4, false);
    check(2, 1, 10, 33, false);
    check(3, 7, 5, 19, false);
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => additiveScores(tf.zeros([1, 2, 3]), tf.zeros([2, 2, 3]), tf.zeros([3]))).toThrow(
        'additiveScores: keys must be [1, keys, 3], got [2, 2, 3]',
      );
    });
  });
});
