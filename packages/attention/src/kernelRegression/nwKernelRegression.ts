// Parametric Nadaraya-Watson regression: the kernel's width is learned.
import { Module, type Rng, ShapeError, initialized, uniform } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Regression } from './poolings.ts';

/**
 * `softmax(−((q − k) · w)² / 2)` weighs the values, with w learned (the book's `NWKernelRegression`).
 *
 * @example
 * const net = new NWKernelRegression({ rng: new Rng(1) });
 * const { output } = net.forward(xTrain, keys, values); // [queries]
 */
export class NWKernelRegression extends Module {
  /** [1]. */
  w: tf.Variable;

  constructor({ rng }: { rng: Rng }) {
    super();
    this.w = initialized([1], uniform(0, 1), rng);
  }

  /**
   * @param queries [queries]
   * @param keys [queries, keys]: every query has its own keys, so that in training none sees itself
   * @param values [queries, keys]
   */
  forward(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): Regression {
    const fits = queries.rank === 1 && keys.rank === 2 && keys.shape[0] === queries.size;
    if (!fits || !tf.util.arraysEqual(keys.shape, values.shape)) {
      throw new ShapeError({
        operation: 'NWKernelRegression.forward',
        fact: `keys and values must both be [${queries.size}, keys]`,
        value: [keys.shape, values.shape],
        advice: 'repeat the keys for each query (leaveOneOut, repeatForQueries)',
      });
    }
    const distance = tf.mul(tf.sub(tf.expandDims(queries, 1), keys), this.w); // [queries, keys]
    const weights = tf.softmax(tf.mul(tf.square(distance), -0.5)) as tf.Tensor2D;
    return { output: tf.sum(tf.mul(weights, values), 1), weights };
  }
}

/** Each row is x without one element: row i without x[i]. [n] to [n, n − 1]: the keys of the training points. */
export function leaveOneOut(x: tf.Tensor): tf.Tensor2D {
  const values = x.dataSync() as Float32Array;
  const n = values.length;
  const rows = new Float32Array(n * (n - 1));
  for (let i = 0; i < n; i++) {
    rows.set(values.subarray(0, i), i * (n - 1));
    rows.set(values.subarray(i + 1), i * (n - 1) + i);
  }
  return tf.tensor2d(rows, [n, n - 1]);
}

/** The same keys for every query: [keys] to [queries, keys]. */
export function repeatForQueries(x: tf.Tensor, queries: number): tf.Tensor2D {
  return tf.tidy(() => tf.tile(tf.expandDims(x, 0), [queries, 1]) as tf.Tensor2D);
}
