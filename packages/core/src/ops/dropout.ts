// dropout: inverted dropout whose mask is a function of a seed and the position.
import { Dropout } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { philoxFill } from '../random/index.ts';
import { checkProbability } from './check.ts';
import { fusedKernel, hasKernel } from './kernel.ts';

/** Two 32-bit words that key a mask; take them from `rng.seedPair()`. */
export type SeedPair = readonly [number, number];

/**
 * Zeroes each element with probability p and scales the others by 1 / (1 − p). Srivastava et al., 2014.
 * The same seed gives the same mask on every backend; the backward pass makes the mask again instead of keeping it.
 *
 * @param x Any shape.
 * @param p In [0, 1]; 0 returns a clone of x, 1 zeros.
 */
export function dropout(x: tf.Tensor, p: number, seed: SeedPair): tf.Tensor {
  checkProbability('dropout', p);
  if (p === 0) return tf.clone(x);
  if (p === 1) return tf.tidy(() => tf.mul(x, 0));
  if (!hasKernel(Dropout)) return composeDropout(x, p, seed);
  return runDropout({ x }, { p, seed: [seed[0], seed[1]] })[0] as tf.Tensor;
}

/** `dropout` composed of TensorFlow.js operations: the reference, with the same mask. */
export function composeDropout(x: tf.Tensor, p: number, seed: SeedPair): tf.Tensor {
  return tf.tidy(() => tf.mul(x, dropoutMask(x.shape, p, seed)));
}

/**
 * The mask of `dropout`: 0 or 1 / (1 − p). Element i keeps its value where 16 random bits, the lower (even i) or upper
 * half of Philox's word i >> 1, are at least p as a fraction of 2¹⁶.
 */
export function dropoutMask(shape: number[], p: number, seed: SeedPair): tf.Tensor {
  const mask = new Float32Array(tf.util.sizeFromShape(shape));
  const words = philoxFill(new Uint32Array(Math.ceil(mask.length / 2)), seed);
  const threshold = Math.round(p * 2 ** 16);
  const scale = 1 / (1 - p);
  for (let i = 0; i < mask.length; i++) {
    const bits = i % 2 === 0 ? words[i >> 1]! & 0xffff : words[i >> 1]! >>> 16;
    if (bits >= threshold) mask[i] = scale;
  }
  return tf.tensor(mask, shape);
}

const runDropout = fusedKernel(Dropout, {
  backward: ({ dy, attrs }) => ({ x: (): tf.Tensor => runDropout({ x: dy }, attrs)[0] as tf.Tensor }),
});
