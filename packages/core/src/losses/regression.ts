// Losses on real numbers: squared, absolute, Huber and smooth L1.
import * as tf from '@tensorflow/tfjs-core';
import { checkPair, reduce, type LossOptions } from './reduce.ts';

/** Squared error `(p − t)²`. Book: linear-regression-concise. */
export function mseLoss(predictions: tf.Tensor, targets: tf.Tensor, options: LossOptions = {}): tf.Tensor {
  checkPair('mseLoss', predictions, targets);
  return tf.tidy(() => reduce(tf.square(tf.sub(predictions, targets)), options));
}

/** Absolute error `|p − t|`. */
export function l1Loss(predictions: tf.Tensor, targets: tf.Tensor, options: LossOptions = {}): tf.Tensor {
  checkPair('l1Loss', predictions, targets);
  return tf.tidy(() => reduce(tf.abs(tf.sub(predictions, targets)), options));
}

/** Squared near zero, linear beyond `delta`: `½ e²` for |e| ≤ δ, else `δ (|e| − ½ δ)`. */
export function huberLoss(
  predictions: tf.Tensor,
  targets: tf.Tensor,
  options: LossOptions & { delta?: number } = {},
): tf.Tensor {
  checkPair('huberLoss', predictions, targets);
  const { delta = 1 } = options;
  return tf.tidy(() => reduce(huber(tf.sub(predictions, targets), delta), options));
}

/** `huberLoss` divided by its threshold: `½ e² / β` for |e| < β, else `|e| − ½ β`. Book: ssd. */
export function smoothL1Loss(
  predictions: tf.Tensor,
  targets: tf.Tensor,
  options: LossOptions & { beta?: number } = {},
): tf.Tensor {
  checkPair('smoothL1Loss', predictions, targets);
  const { beta = 1 } = options;
  if (beta === 0) return l1Loss(predictions, targets, options);
  return tf.tidy(() => reduce(tf.div(huber(tf.sub(predictions, targets), beta), beta), options));
}

/** With q = min(|e|, δ): `½ q² + δ (|e| − q)`. */
function huber(error: tf.Tensor, delta: number): tf.Tensor {
  const size = tf.abs(error);
  const inner = tf.minimum(size, delta);
  return tf.add(tf.mul(tf.square(inner), 0.5), tf.mul(tf.sub(size, inner), delta));
}
