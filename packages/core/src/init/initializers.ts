// Initializers: values of a shape, drawn from a random number generator. Book: init-param, numerical-stability-and-init.
import type * as tf from '@tensorflow/tfjs-core';
import { filledTensor } from '../backend/fusedBackend.ts';
import type { Rng } from '../random/index.ts';
import { fans, gain, type Nonlinearity } from './fans.ts';

/** Writes the values of a tensor of this shape. */
export type Initializer = (values: Float32Array, shape: readonly number[], rng: Rng) => void;

/** All elements the same. */
export function constant(value: number): Initializer {
  return (values) => void values.fill(value);
}

/** Uniform in [low, high). */
export function uniform(low: number, high: number): Initializer {
  return (values, _, rng) => void rng.fillUniform(values, low, high);
}

/** Normal with mean and standard deviation. */
export function normal(mean = 0, std = 1): Initializer {
  return (values, _, rng) => void rng.fillNormal(values, mean, std);
}

/** Uniform in ±gain · √(6 / (fan in + fan out)). Glorot and Bengio, 2010. */
export function xavierUniform(scale = 1): Initializer {
  return (values, shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    const bound = scale * Math.sqrt(6 / (fanIn + fanOut));
    rng.fillUniform(values, -bound, bound);
  };
}

/** Normal with standard deviation gain · √(2 / (fan in + fan out)). Glorot and Bengio, 2010. */
export function xavierNormal(scale = 1): Initializer {
  return (values, shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    rng.fillNormal(values, 0, scale * Math.sqrt(2 / (fanIn + fanOut)));
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
  return (values, shape, rng) => {
    const bound = Math.sqrt(3) * kaimingStd(shape, options);
    rng.fillUniform(values, -bound, bound);
  };
}

/** Normal with the standard deviation gain / √fan. He et al., 2015. */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  return (values, shape, rng) => void rng.fillNormal(values, 0, kaimingStd(shape, options));
}

/** Gives a parameter new values in place. */
export function initialize(parameter: tf.Variable, initializer: Initializer, rng: Rng): void {
  const tensor = filledTensor(parameter.shape, (values) => initializer(values, parameter.shape, rng));
  parameter.assign(tensor);
  tensor.dispose();
}
