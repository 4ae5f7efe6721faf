// Average and Nadaraya-Watson pooling on numbers: attention before anything is trained.
import { ShapeError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Estimates and the weights that made them. */
export interface Regression {
  /** [queries]. */
  output: tf.Tensor1D;
  /** [queries, keys]; each row sums to 1. */
  weights: tf.Tensor2D;
}

/** The mean of all values for every query (the book's section 10.2, average pooling). */
export function averagePooling(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): Regression {
  check('averagePooling', queries, keys, values);
  return tf.tidy(() => {
    const weights = tf.div(tf.ones([queries.size, keys.size]), keys.size) as tf.Tensor2D;
    return { output: weigh(weights, values), weights };
  });
}

/**
 * Nadaraya-Watson kernel regression with a Gaussian kernel: `softmax(−((q − k) · width)² / 2)` weighs the values (the
 * book's section 10.2; Nadaraya, 1964; Watson, 1964).
 *
 * @param queries [queries]
 * @param keys [keys]
 * @param values [keys]
 * @param width inverse bandwidth: larger looks at nearer keys only; 1 by default
 */
export function nadarayaWatson(
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  width = 1,
): Regression {
  check('nadarayaWatson', queries, keys, values);
  return tf.tidy(() => {
    const distance = tf.mul(tf.sub(tf.expandDims(queries, 1), tf.expandDims(keys, 0)), width); // [queries, keys]
    const weights = tf.softmax(tf.mul(tf.square(distance), -0.5)) as tf.Tensor2D;
    return { output: weigh(weights, values), weights };
  });
}

function weigh(weights: tf.Tensor2D, values: tf.Tensor): tf.Tensor1D {
  return tf.reshape(tf.matMul(weights, tf.reshape(values, [values.size, 1])), [weights.shape[0]]);
}

function check(operation: string, queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): void {
  if (queries.rank === 1 && keys.rank === 1 && values.rank === 1 && values.size === keys.size) return;
  throw new ShapeError({
    operation,
    fact: 'queries, keys and values must be vectors with a value a key',
    value: [queries.shape, keys.shape, values.shape],
  });
}
