// Which steps of padded sequences are real.
import * as tf from '@tensorflow/tfjs-core';

/** bool [batch, steps]: true before each sequence's length (int32 [batch]). */
export function withinLengths(lengths: tf.Tensor, steps: number): tf.Tensor {
  return tf.less(tf.range(0, steps, 1, 'int32'), tf.expandDims(lengths, 1));
}
