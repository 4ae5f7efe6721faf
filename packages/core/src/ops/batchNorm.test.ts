// batchNorm: kernel and composition, training and evaluation.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { batchNorm, composeBatchNorm } from './index.ts';

describeOnBackends('batchNorm', (backend) => {
  const check = (shape: number[], training: boolean, affine: boolean, differences = true) => {
    const channels = shape[1] as number;
    const [mean, variance] = [
      pattern([channels], 0.5, 3),
      tf.tidy(() => tf.add(tf.square(pattern([channels], 1, 4)), 0.2)),
    ];
    const run = (f: typeof batchNorm) => (x?: tf.Tensor, weight?: tf.Tensor, bias?: tf.Tensor) => {
      const { output, batchMean, batchVariance } = f(x as tf.Tensor, {
        weight,
        bias,
        mean,
        variance,
        training,
      });
      return [output, batchMean, batchVariance];
    };
    checkOperation({
      kernel: 'D2LBatchNorm',
      backend,
      operation: run(batchNorm),
      reference: run(composeBatchNorm),
      inputs: () => [
        pattern(shape, 2),
        ...(affine ? [pattern([channels], 1, 1), pattern([channels], 1, 2)] : []),
      ],
      differences,
      tolerance: 2e-5,
    });
    tf.dispose([mean, variance]);
  };

  it.each([true, false])('normalises channels (training: %s)', (training) => {
    check([4, 3], training, true);
    check([2, 2, 3, 2], training, true);
    check([3, 2, 3], training, false);
    check([5, 7, 9, 3], training, true, false);
    check([2, 1], training, true, false);
  });

  it('returns the mean and the biased variance of the batch', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, 10],
        [3, 30],
      ]);
      const { output, batchMean, batchVariance } = batchNorm(x, {
        mean: tf.zeros([2]),
        variance: tf.ones([2]),
        training: true,
        epsilon: 0,
      });
      expectClose(output, [-1, -1, 1, 1]);
      expectClose(batchMean as tf.Tensor, [2, 20]);
      expectClose(batchVariance as tf.Tensor, [1, 100]);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => batchNorm(tf.zeros([2, 3]), { mean: tf.zeros([2]), variance: tf.zeros([3]) })).toThrow(
        'batchNorm: mean must be [3], got [2]',
      );
    });
  });
});
