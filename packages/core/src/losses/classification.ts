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
  const { positiveWeight = 1 } = options;
  return tf.tidy(() => {
    // two terms that each keep their digits, whatever the logit
    const positive = tf.mul(tf.mul(positiveWeight, targets), tf.softplus(tf.neg(logits)));
    return reduce(tf.add(positive, tf.mul(tf.sub(1, targets), tf.softplus(logits))), options);
  });
}
