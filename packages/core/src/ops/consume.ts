// consume: frees an intermediate result before the surrounding tidy does.
import type * as tf from '@tensorflow/tfjs-core';

/**
 * `f(x)`; x is freed, unless it is what came back. Only for an x that was made for this call and that nobody else
 * reads: a tidy around a whole forward pass would hold it to the end. What the backward pass needs of x stays.
 */
export function consume(x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const y = f(x);
  if (y !== x) x.dispose();
  return y;
}
