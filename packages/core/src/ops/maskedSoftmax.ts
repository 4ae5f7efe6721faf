// maskedSoftmax: softmax over the keys within a valid length.
import { MaskedSoftmax, MaskedSoftmaxGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/** Takes the place of minus infinity: its exponential is 0, and no NaN can come of it. */
export const hidden = -1e30;

/**
 * Softmax over the last axis in which keys at or past the valid length get weight 0.
 * A row of valid length 0 is all zeros. Book: attention-scoring-functions, `masked_softmax`.
 *
 * @param x [batch, queries, keys] scores.
 * @param validLens int32 [batch] or [batch, queries]; all keys when left out.
 */
export function maskedSoftmax(x: tf.Tensor, validLens?: tf.Tensor): tf.Tensor {
  checkType('maskedSoftmax', 'x', x, 'float32');
  checkShape('maskedSoftmax', 'x', x, ['batch', 'queries', 'keys'], 'add the missing axis');
  checkLens('maskedSoftmax', validLens, x.shape[0] as number, x.shape[1] as number);
  if (!hasKernel(MaskedSoftmax)) return composeMaskedSoftmax(x, validLens);
  return runMaskedSoftmax({ x, validLens }, {})[0] as tf.Tensor;
}

/** `maskedSoftmax` composed of TensorFlow.js operations: the reference. */
export function composeMaskedSoftmax(x: tf.Tensor, validLens?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    if (validLens === undefined) return tf.softmax(x);
    const visible = withinLength(validLens, x.shape[2] as number); // [batch, queries | 1, keys]
    const scores = tf.where(tf.broadcastTo(visible, x.shape), x, tf.fill(x.shape, hidden));
    return tf.mul(tf.softmax(scores), tf.cast(visible, 'float32'));
  });
}

/** [batch, queries | 1, keys], true before the valid length. */
export function withinLength(validLens: tf.Tensor, keys: number): tf.Tensor {
  const [batch, queries = 1] = validLens.shape as [number, number?];
  const positions = tf.reshape(tf.range(0, keys, 1, 'int32'), [1, 1, keys]);
  return tf.less(positions, tf.reshape(validLens, [batch, queries, 1]));
}

/** Checks valid lengths for [batch] or [batch, queries]. */
export function checkLens(
  operation: string,
  validLens: tf.Tensor | undefined,
  batch: number,
  queries: number,
): void {
  if (validLens === undefined) return;
  checkType(operation, 'validLens', validLens, 'int32');
  if (validLens.rank === 2) checkShape(operation, 'validLens', validLens, [batch, queries]);
  else checkShape(operation, 'validLens', validLens, [batch], 'give [batch] or [batch, queries]');
}

const runMaskedSoftmax = fusedKernel(MaskedSoftmax, {
  outputs: ['y'],
  backward: ({ dy, output, needs }) =>
    gradientKernel(MaskedSoftmaxGrad, { dy, y: output('y') }, { needs: { x: needs('x') } }),
});
