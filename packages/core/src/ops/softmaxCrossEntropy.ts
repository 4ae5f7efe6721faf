// softmaxCrossEntropy: log-softmax and negative log-likelihood of integer labels in one operation.
import { SoftmaxCrossEntropy, SoftmaxCrossEntropyGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkIds, checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel, isRecording } from './kernel.ts';

/** How losses of single elements become one number. */
export type Reduction = 'none' | 'sum' | 'mean';

/** Options of `softmaxCrossEntropy`. */
export interface SoftmaxCrossEntropyOptions {
  /** Weight of each element (a mask, for instance): the shape of labels. */
  weights?: tf.Tensor | undefined;
  /** 'mean' by default: Σ weight · loss / Σ weight, and 0 when all weights are 0. */
  reduction?: Reduction;
  /** Share of the probability spread over all classes, as in PyTorch; 0 by default. */
  labelSmoothing?: number;
  /** Elements with this label count nothing; −100 by default. */
  ignoreIndex?: number;
}

/**
 * Cross-entropy of softmax(logits) with integer labels, in nats.
 *
 * @param logits [..., classes], float32.
 * @param labels int32 [...].
 * @returns A scalar, or the shape of labels for reduction 'none'.
 * @throws ValueError when a label is neither a class nor `ignoreIndex`.
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Tensor {
  const { weights, reduction = 'mean', labelSmoothing = 0, ignoreIndex = -100 } = options;
  const name = 'softmaxCrossEntropy';
  const classes = logits.shape.at(-1) ?? 0;
  checkType(name, 'logits', logits, 'float32');
  checkType(name, 'labels', labels, 'int32');
  checkShape(
    name,
    'logits',
    logits,
    [...labels.shape, 'classes'],
    'its leading axes must be those of labels',
  );
  if (weights !== undefined) checkShape(name, 'weights', weights, labels.shape);
  checkIds(name, 'labels', labels, classes, ignoreIndex);
  if (!hasKernel(SoftmaxCrossEntropy)) return composeSoftmaxCrossEntropy(logits, labels, options);
  const attrs = { reduction, labelSmoothing, ignoreIndex, training: isRecording() };
  if (labels.rank === 1) return runCrossEntropy({ logits, labels, weights }, attrs)[0] as tf.Tensor;
  return tf.tidy(() => {
    const rows = labels.size;
    const flatWeights = weights === undefined ? undefined : tf.reshape(weights, [rows]);
    const inputs = {
      logits: tf.reshape(logits, [rows, classes]),
      labels: tf.reshape(labels, [rows]),
      weights: flatWeights,
    };
    const loss = runCrossEntropy(inputs, attrs)[0] as tf.Tensor;
    return reduction === 'none' ? tf.reshape(loss, labels.shape) : loss;
  });
}

/** `softmaxCrossEntropy` composed of TensorFlow.js operations: the reference. */
export function composeSoftmaxCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): tf.Tensor {
  const { weights, reduction = 'mean', labelSmoothing = 0, ignoreIndex = -100 } = options;
  return tf.tidy(() => {
    const classes = logits.shape.at(-1) as number;
    const rows = labels.size;
    const flat = tf.reshape(labels, [rows]);
    let weight: tf.Tensor = tf.cast(tf.notEqual(flat, tf.scalar(ignoreIndex, 'int32')), 'float32');
    if (weights !== undefined) weight = tf.mul(weight, tf.reshape(weights, [rows]));
    const counts = tf.broadcastTo(tf.reshape(tf.notEqual(weight, 0), [rows, 1]), [rows, classes]);
    const given = tf.reshape(logits, [rows, classes]);
    const logProbabilities = tf.logSoftmax(tf.where(counts, given, tf.zerosLike(given)) as tf.Tensor2D);
    const isLabel = tf.equal(tf.reshape(flat, [rows, 1]), tf.range(0, classes, 1, 'int32')); // none in ignored rows
    let loss = tf.neg(tf.sum(tf.where(isLabel, logProbabilities, tf.zerosLike(logProbabilities)), -1));
    if (labelSmoothing > 0) {
      const uniform = tf.neg(tf.mean(logProbabilities, -1));
      loss = tf.add(tf.mul(loss, 1 - labelSmoothing), tf.mul(uniform, labelSmoothing));
    }
    loss = tf.mul(loss, weight); // finite where nothing counts
    if (reduction === 'none') return tf.reshape(loss, labels.shape);
    if (reduction === 'sum') return tf.sum(loss);
    return weightedMean(loss, weight);
  });
}

/** Σ weighted / Σ weights, and 0 (with zero gradients) when Σ weights is 0. */
export function weightedMean(weighted: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const total = tf.sum(weights);
  return tf.div(tf.sum(weighted), tf.add(total, tf.cast(tf.equal(total, 0), 'float32')));
}

const runCrossEntropy = fusedKernel(SoftmaxCrossEntropy, {
  inputs: ['logits', 'labels', 'weights'],
  outputs: ['y'],
  backward: ({ dy, input, output, attrs, needs }) =>
    gradientKernel(
      SoftmaxCrossEntropyGrad,
      { dy, logits: input('logits'), labels: input('labels'), weights: input('weights'), y: output('y') },
      { ...attrs, needs: { logits: needs('logits') } },
    ),
});
