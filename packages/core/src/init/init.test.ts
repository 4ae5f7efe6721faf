// Initializers: bounds, moments and repeatability.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { Rng } from '../random/index.ts';
import {
  constant,
  fans,
  gain,
  initialize,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierNormal,
  xavierUniform,
  type Initializer,
} from './index.ts';

const shape = [60, 20, 3, 2];

function moments(initializer: Initializer) {
  const values = new Float32Array(60 * 20 * 3 * 2);
  initializer(values, shape, new Rng(3));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, std, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

describeOnBackends('initializers', () => {
  it('counts fans and gains as PyTorch', () => {
    expect(fans([5, 3])).toEqual({ fanIn: 3, fanOut: 5 });
    expect(fans(shape)).toEqual({ fanIn: 120, fanOut: 360 });
    expect(() => fans([4])).toThrow(
      'fans: a weight needs at least two axes, got [4]; use constant, uniform or normal for vectors',
    );
    expect([gain('tanh'), gain('relu'), gain('leakyRelu', 0), gain('sigmoid')]).toEqual([
      5 / 3,
      Math.SQRT2,
      Math.SQRT2,
      1,
    ]);
  });

  it.each([
    ['uniform', uniform(-0.5, 0.5), 0.5 / Math.sqrt(3), 0.5],
    ['normal', normal(0, 0.3), 0.3, Number.POSITIVE_INFINITY],
    ['xavierUniform', xavierUniform(2), 2 * Math.sqrt(2 / 480), 2 * Math.sqrt(6 / 480)],
    ['xavierNormal', xavierNormal(), Math.sqrt(2 / 480), Number.POSITIVE_INFINITY],
    ['kaimingUniform', kaimingUniform({ nonlinearity: 'relu' }), Math.sqrt(2 / 120), Math.sqrt(6 / 120)],
    [
      'kaimingNormal',
      kaimingNormal({ mode: 'out', nonlinearity: 'linear' }),
      Math.sqrt(1 / 360),
      Number.POSITIVE_INFINITY,
    ],
  ] as const)('%s has its spread', (_, initializer, std, bound) => {
    const actual = moments(initializer);
    expect(Math.abs(actual.mean)).toBeLessThan(0.05 * std);
    expect(actual.std / std).toBeCloseTo(1, 1);
    expect(actual.largest).toBeLessThanOrEqual(bound);
  });

  it('gives a parameter new values, the same for the same seed', () => {
    const v = tf.tidy(() => tf.variable(tf.zeros([2, 3])));
    const before = tf.memory().numTensors;
    initialize(v, normal(), new Rng(5));
    const first = v.dataSync().slice();
    initialize(v, constant(2), new Rng(5));
    expect([...v.dataSync()]).toEqual([2, 2, 2, 2, 2, 2]);
    initialize(v, normal(), new Rng(5));
    expect(v.dataSync()).toEqual(first);
    const broken: Initializer = () => {
      throw new Error('no values');
    };
    expect(() => initialize(v, broken, new Rng(1))).toThrow('no values');
    expect(v.dataSync()).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
    v.dispose();
  });
});
