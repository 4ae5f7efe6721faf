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

/** Largest difference over the largest expected value; infinite when the lengths differ. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i]!))) / scale;
}
