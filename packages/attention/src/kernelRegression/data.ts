// The book's regression problem: a curve, noisy points on it, and where to estimate it.
import type { Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Noisy training points in rising order, and queries with the true values. All [n]. */
export interface RegressionData {
  xTrain: tf.Tensor1D;
  yTrain: tf.Tensor1D;
  xTest: tf.Tensor1D;
  yTruth: tf.Tensor1D;
}

/** `2 sin(x) + x^0.8` (the book's section 10.2). */
export function regressionCurve(x: number): number {
  return 2 * Math.sin(x) + x ** 0.8;
}

/** 50 points in [0, 5) with normal noise of deviation 0.5, and 50 queries 0, 0.1, … 4.9, as the book has them. */
export function nadarayaWatsonData(rng: Rng, count = 50): RegressionData {
  const x = Float32Array.from({ length: count }, () => rng.uniform(0, 5)).sort();
  const y = Float32Array.from(x, (at) => regressionCurve(at) + 0.5 * rng.normal());
  const queries = Float32Array.from({ length: 50 }, (_, i) => i / 10);
  return {
    xTrain: tf.tensor1d(x),
    yTrain: tf.tensor1d(y),
    xTest: tf.tensor1d(queries),
    yTruth: tf.tensor1d(queries.map(regressionCurve)),
  };
}
