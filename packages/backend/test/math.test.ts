// The vectorized elementary functions of kernels/math.h stay within the errors that its first lines promise.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadedKinds, select } from './fused/kernels.ts';

const kinds = await loadedKinds();

/** Distance from the exact value in units of the last place of a float32. */
function ulps(actual: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Number.POSITIVE_INFINITY;
  const rounded = Math.fround(exact);
  if (!Number.isFinite(rounded) || !Number.isFinite(actual))
    return Object.is(actual, rounded) ? 0 : Number.POSITIVE_INFINITY;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(exact))));
  return Math.abs(actual - exact) / 2 ** (exponent - 23);
}

/** erf by its series, and by a continued fraction of erfc for large arguments. */
function erf(x: number): number {
  const t = Math.abs(x);
  if (t > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; --k) fraction = k / 2 / (t + fraction);
    return Math.sign(x) * (1 - Math.exp(-t * t) / Math.sqrt(Math.PI) / (t + fraction));
  }
  let [term, total] = [x, x];
  for (let k = 1; k < 80; ++k) {
    term *= (-x * x) / k;
    total += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const span = (low: number, high: number, count = 4001) =>
  Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
const special = [0, -0, 1e-30, -1e-30, 1e-42, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

describe.each(kinds)('elementary functions (%s)', (kind) => {
  it.each([
    ['exp', tf.exp, Math.exp, span(-87, 88.7), 1.01],
    ['log', tf.log, Math.log, span(1e-3, 50), 1],
    ['tanh', tf.tanh, Math.tanh, span(-10, 10), 2],
    ['sigmoid', tf.sigmoid, (x: number) => 1 / (1 + Math.exp(-x)), span(-87, 20), 3],
    ['erf', tf.erf, erf, span(-4, 4), 2],
  ] as const)('%s is exact to the last places', async (_name, operation, exact, values, bound) => {
    await select(kind, 1);
    const inputs = Float32Array.from([...values, ...special]);
    const [x, y] = tf.tidy(() => {
      const input = tf.tensor1d(inputs);
      return [input.dataSync(), operation(input).dataSync()];
    });
    const worst = Array.from(x).reduce(
      (most, value, i) => Math.max(most, ulps(y[i] as number, exact(value))),
      0,
    );
    expect(worst).toBeLessThan(bound);
  });
});
