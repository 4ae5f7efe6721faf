// What the parity tests share: the golden scripts' numbers, and how far apart two lists are.
import * as tf from '@tensorflow/tfjs-core';

/** The golden scripts' `pattern`: fixed, uneven numbers. */
export function pattern(shape: number[], phase: number): tf.Tensor {
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    (_, i) => 0.8 * Math.sin(1.7 * (i + 1) + 0.37 * i * ((i % 5) + 1) + phase),
  );
  return tf.tensor(values, shape);
}

/** The largest value, whatever its sign. */
export function largest(values: ArrayLike<number>): number {
  return Math.max(...Array.from(values, Math.abs));
}

/** The largest difference; infinite when the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  return largest(Array.from(actual, (value, i) => value - expected[i]!));
}

/** The largest difference over the largest expected value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return largestDifference(actual, expected) / largest(expected);
}
