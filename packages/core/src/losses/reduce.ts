// Weights and reduction that the elementwise losses share.
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from '../ops/check.ts';
import { weightedMean, type Reduction } from '../ops/softmaxCrossEntropy.ts';

/** Options of the elementwise losses. */
export interface LossOptions {
  /** 'mean' by default: Σ weight · loss / Σ weight (0 when all weights are 0). */
  reduction?: Reduction;
  /** Weight of each element (a mask, for instance), broadcast to the losses' shape. */
  weights?: tf.Tensor | undefined;
}

/** Weighs and reduces elementwise losses. */
export function reduce(loss: tf.Tensor, { reduction = 'mean', weights }: LossOptions): tf.Tensor {
  const weighted = weights === undefined ? loss : tf.mul(loss, weights);
  if (reduction === 'none') return weighted;
  if (reduction === 'sum') return tf.sum(weighted);
  if (weights === undefined) return tf.mean(loss);
  return weightedMean(weighted, tf.broadcastTo(weights, loss.shape));
}

/** Throws unless predictions and targets are float32 of one shape. */
export function checkPair(operation: string, predictions: tf.Tensor, targets: tf.Tensor): void {
  checkType(operation, 'predictions', predictions, 'float32');
  checkType(operation, 'targets', targets, 'float32');
  checkShape(operation, 'targets', targets, predictions.shape, 'reshape one of them: nothing is broadcast');
}
