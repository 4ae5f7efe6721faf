// Comparison of tensors, and gradients by central differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { valueAndGrads } from '../../src/autograd/index.ts';

/** Largest absolute difference over the largest absolute expected value (at least `floor`). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-3): number {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let scale = floor;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (!Number.isFinite(a) || !Number.isFinite(e)) {
      if (!Object.is(a, e)) return Number.POSITIVE_INFINITY;
      continue;
    }
    difference = Math.max(difference, Math.abs(a - e));
    scale = Math.max(scale, Math.abs(e));
  }
  return difference / scale;
}

/** Asserts equal shapes and values within a relative error of the largest value. */
export function expectClose(actual: tf.Tensor, expected: tf.Tensor | number[], tolerance = 1e-5): void {
  if (expected instanceof tf.Tensor) expect(actual.shape).toEqual(expected.shape);
  const values = expected instanceof tf.Tensor ? expected.dataSync() : expected;
  expect(relativeError(actual.dataSync(), values)).toBeLessThanOrEqual(tolerance);
}

/** A fixed, uneven pattern of numbers in (-scale, scale): no two nearby values tie. */
export function pattern(shape: number[], scale = 1, phase = 0): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from(
    { length: size },
    (_, i) => scale * Math.sin(1.7 * (i + 1) + 0.37 * i * ((i % 5) + 1) + phase),
  );
  return tf.tensor(values, shape);
}

/**
 * Checks the gradients of `f` with respect to each input against central differences of Σ f(inputs) · weights,
 * with fixed uneven weights. Float32 limits the accuracy, hence the loose default tolerance.
 */
export function checkGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  { tolerance = 5e-3, step = 1e-2 } = {},
): void {
  const objective = (given: tf.Tensor[]) =>
    tf.tidy(() => {
      const y = f(...given);
      return tf.sum(tf.mul(y, pattern(y.shape, 1, 0.5))) as tf.Scalar;
    });
  const variables = inputs.map((input) => tf.variable(input));
  const { value, grads } = valueAndGrads(() => objective(variables), variables);
  value.dispose();
  inputs.forEach((input, k) => {
    const values = Float32Array.from(input.dataSync());
    const numeric = Float64Array.from(values, (x, i) => {
      const at = (shifted: number) => {
        const changed = Float32Array.from(values);
        changed[i] = shifted;
        return tf.tidy(
          () =>
            (
              objective(
                inputs.map((other, j) => (j === k ? tf.tensor(changed, input.shape) : other)),
              ) as tf.Scalar
            ).dataSync()[0] as number,
        );
      };
      const [high, low] = [Math.fround(x + step), Math.fround(x - step)];
      return (at(high) - at(low)) / (high - low);
    });
    expect(
      relativeError((grads[k] as tf.Tensor).dataSync(), numeric, 1e-1),
      `gradient of input ${k}`,
    ).toBeLessThanOrEqual(tolerance);
  });
  tf.dispose([...variables, ...grads]);
}
