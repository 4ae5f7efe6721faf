// The pretraining loss: hidden tokens and next sentences.
import { softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { PretrainingBatch } from '../data/index.ts';
import type { BERTModel } from './bertModel.ts';

/** A pretraining batch as tensors. */
export interface PretrainingTensors {
  /** int32 [batch, steps]. */
  ids: tf.Tensor;
  /** int32 [batch, steps]. */
  segments: tf.Tensor;
  /** int32 [batch]. */
  validLens: tf.Tensor;
  /** int32 [batch, predictions]. */
  positions: tf.Tensor;
  /** int32 [batch, predictions]. */
  labels: tf.Tensor;
  /** float32 [batch, predictions]: 0 where a prediction is padding. */
  weights: tf.Tensor;
  /** int32 [batch]. */
  nextSentence: tf.Tensor;
}

/** The batch as tensors; they belong to the surrounding `tf.tidy`, or to the caller. */
export function pretrainingTensors(batch: PretrainingBatch): PretrainingTensors {
  const { size, maxLength, maxPredictions } = batch;
  const sequence = (values: Int32Array) => tf.tensor2d(values, [size, maxLength], 'int32');
  const predictions = (values: Int32Array) => tf.tensor2d(values, [size, maxPredictions], 'int32');
  return {
    ids: sequence(batch.ids),
    segments: sequence(batch.segments),
    validLens: tf.tensor1d(batch.validLens, 'int32'),
    positions: predictions(batch.positions),
    labels: predictions(batch.labels),
    weights: tf.tensor2d(batch.weights, [size, maxPredictions]),
    nextSentence: tf.tensor1d(batch.nextSentence, 'int32'),
  };
}

/** The loss and its parts, in nats. */
export interface PretrainingLoss {
  /** The sum of both parts. */
  loss: tf.Scalar;
  /** Mean over the hidden tokens. */
  maskLM: tf.Scalar;
  /** Mean over the pairs. */
  nextSentence: tf.Scalar;
}

/**
 * Both pretraining losses (the book's `_get_batch_loss_bert`).
 *
 * @example
 * const { value, grads } = valueAndGrads(() => pretrainingLoss(model, batch).loss, model.parameters());
 */
export function pretrainingLoss(model: BERTModel, batch: PretrainingTensors): PretrainingLoss {
  const { labels, weights, nextSentence: follows, ...input } = batch;
  const { maskLogits, nextSentenceLogits } = model.forward(input);
  const maskLM = softmaxCrossEntropy(maskLogits!, labels, { weights }) as tf.Scalar;
  const nextSentence = softmaxCrossEntropy(nextSentenceLogits, follows) as tf.Scalar;
  return { loss: tf.add(maskLM, nextSentence), maskLM, nextSentence };
}
