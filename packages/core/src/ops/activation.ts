// Elementwise activations by name, as the fused kernels apply them.
import type { Activation } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';

/** Exact Gaussian error linear unit `x Φ(x)` (erf, not the tanh approximation). Hendrycks and Gimpel, 2016. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)));
}

/** The tanh approximation of `gelu`, as GPT-2 uses it. */
export function geluTanh<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(x, tf.mul(tf.add(tf.tanh(inner), 1), 0.5));
  });
}

/** Sigmoid linear unit (swish) `x σ(x)`. */
export function silu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(x, tf.sigmoid(x)));
}

/** Applies an activation by name. */
export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'gelu':
      return gelu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'silu':
      return silu(x);
  }
}
