// The part of a recurrent state that a decoder uses as context.
import * as tf from '@tensorflow/tfjs-core';

/** The top layer's state, [batch, hidden], of states [layers, batch, hidden]. */
export function topState(state: tf.Tensor): tf.Tensor {
  const [layers, batch, size] = state.shape as [number, number, number];
  return tf.reshape(tf.slice(state, [layers - 1, 0, 0], [1, batch, size]), [batch, size]);
}
