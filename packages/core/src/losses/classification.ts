// Losses on classes: cross-entropy and binary cross-entropy on logits.
import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from '../ops/softmaxCrossEntropy.ts';
import { checkPair, reduce, type LossOptions } from './reduce.ts';

/**
 * Cross-entropy of softmax(logits) with integer labels; see `softmaxCrossEntropy`. The classes are the last axis
 * (PyTorch has them second). Book: softmax-regression-concise.
 */
export function crossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Tensor {
  return softmaxCrossEntropy(logits, labels, options);
}

/**
 * Binary cross-entropy of sigmoid(logits), stable for any logit. With `weights` as a mask it is the book's
 * SigmoidBCELoss (word2vec-pretraining).
 *
 * @param targets In [0, 1], the shape of logits.
 * @param options.positiveWeight Multiplies the loss of positive targets; broadcast.
 */
export function bceWithLogits(
  logits: tf.Tensor,
  targets: tf.Tensor,
  options: LossOptions & { positiveWeight?: tf.Tensor | number } = {},
): tf.Tensor {
  checkPair('bceWithLogits', logits, targets);
  const { positiveWeight } = options;
  return tf.tidy(() => {
    if (positiveWeight === undefined)
      return reduce(tf.sub(tf.softplus(logits), tf.mul(logits, targets)), options);
    const scale = tf.add(tf.mul(tf.sub(positiveWeight, 1), targets), 1);
    const negative = tf.mul(tf.sub(1, targets), logits);
    return reduce(tf.add(negative, tf.mul(scale, tf.softplus(tf.neg(logits)))), options);
  });
}
