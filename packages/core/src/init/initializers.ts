// Initializers: a shape and a random number generator to values. Book: init-param, numerical-stability-and-init.
import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/index.ts';
import type { Rng } from '../random/index.ts';
import { fans, gain, type Nonlinearity } from './fans.ts';

/** Makes the values of a tensor of this shape. */
export type Initializer = (shape: readonly number[], rng: Rng) => Float32Array;

const empty = (shape: readonly number[]) => new Float32Array(tf.util.sizeFromShape([...shape]));

/** All elements the same. */
export function constant(value: number): Initializer {
  return (shape) => empty(shape).fill(value);
}

/** Uniform in [low, high). */
export function uniform(low: number, high: number): Initializer {
  return (shape, rng) => rng.fillUniform(empty(shape), low, high);
}

/** Normal with mean and standard deviation. */
export function normal(mean = 0, std = 1): Initializer {
  return (shape, rng) => rng.fillNormal(empty(shape), mean, std);
}

/** Uniform in ±gain · √(6 / (fan in + fan out)). Glorot and Bengio, 2010. */
export function xavierUniform(scale = 1): Initializer {
  return (shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    const bound = scale * Math.sqrt(6 / (fanIn + fanOut));
    return rng.fillUniform(empty(shape), -bound, bound);
  };
}

/** Normal with standard deviation gain · √(2 / (fan in + fan out)). Glorot and Bengio, 2010. */
export function xavierNormal(scale = 1): Initializer {
  return (shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    return rng.fillNormal(empty(shape), 0, scale * Math.sqrt(2 / (fanIn + fanOut)));
  };
}

/** Options of the Kaiming initializers. */
export interface KaimingOptions {
  /** Which fan keeps its variance: 'in' (forward, default) or 'out' (backward). */
  mode?: 'in' | 'out';
  /** The nonlinearity that follows; 'leakyRelu' by default, as in PyTorch. */
  nonlinearity?: Nonlinearity;
  /** Slope of the leaky ReLU; 0 by default, as in PyTorch. */
  slope?: number;
}

function kaimingStd(
  shape: readonly number[],
  { mode = 'in', nonlinearity = 'leakyRelu', slope = 0 }: KaimingOptions,
): number {
  const { fanIn, fanOut } = fans(shape);
  return gain(nonlinearity, slope) / Math.sqrt(mode === 'in' ? fanIn : fanOut);
}

/** Uniform with the standard deviation gain / √fan. He et al., 2015. */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  return (shape, rng) => {
    const bound = Math.sqrt(3) * kaimingStd(shape, options);
    return rng.fillUniform(empty(shape), -bound, bound);
  };
}

/** Normal with the standard deviation gain / √fan. He et al., 2015. */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  return (shape, rng) => rng.fillNormal(empty(shape), 0, kaimingStd(shape, options));
}

/** Gives a parameter new values in place. */
export function initialize(parameter: tf.Variable, initializer: Initializer, rng: Rng): void {
  const values = initializer(parameter.shape, rng);
  if (values.length !== parameter.size) {
    throw new ShapeError({
      operation: 'initialize',
      fact: `the initializer must give ${parameter.size} values`,
      value: values.length,
      advice: 'use the shape it is given',
      argument: 'initializer',
    });
  }
  const tensor = tf.tensor(values, parameter.shape);
  parameter.assign(tensor);
  tensor.dispose();
}
