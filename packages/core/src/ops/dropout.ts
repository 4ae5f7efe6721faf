// dropout: inverted dropout whose mask is a function of a seed and the position.
import { Dropout, type DropoutAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from '../autograd/index.ts';
import { defineRule } from '../autograd/rules.ts';
import { philoxFill } from '../random/index.ts';
import { checkProbability } from './check.ts';
import { hasKernel, runKernel } from './kernel.ts';

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
  registerGradients();
  checkProbability('dropout', p);
  if (p === 0) return tf.clone(x);
  if (p === 1) return tf.tidy(() => tf.mul(x, 0));
  if (!hasKernel(Dropout)) return composeDropout(x, p, seed);
  const attrs: DropoutAttrs = { p, seed: [seed[0], seed[1]] };
  return runKernel(Dropout, { x }, attrs)[0] as tf.Tensor;
}

/** `dropout` composed of TensorFlow.js operations: the reference, with the same mask. */
export function composeDropout(x: tf.Tensor, p: number, seed: SeedPair): tf.Tensor {
  registerGradients();
  return tf.tidy(() => tf.mul(x, dropoutMask(x.shape, p, seed)));
}

/** The mask of `dropout`: 0 or 1 / (1 − p). Element i keeps its value where the i-th Philox number is at least p. */
export function dropoutMask(shape: number[], p: number, seed: SeedPair): tf.Tensor {
  const words = philoxFill(new Uint32Array(tf.util.sizeFromShape(shape)), seed);
  const threshold = Math.fround(p);
  const scale = Math.fround(1 / (1 - threshold));
  const mask = Float32Array.from(words, (word) => ((word >>> 8) * 2 ** -24 >= threshold ? scale : 0));
  return tf.tensor(mask, shape);
}

defineRule<DropoutAttrs>(Dropout, {
  backward: ({ dy, attrs }) => ({ x: () => runKernel(Dropout, { x: dy }, attrs)[0] as tf.Tensor }),
});
