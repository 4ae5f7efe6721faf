// The training loss of translation models.
import { softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TranslationBatch, TranslationModel } from './model.ts';

/** Options of `translationLoss`. */
export interface TranslationLossOptions {
  /** Id of the padding token: labels with it count nothing. */
  pad: number;
  /** Share of the probability spread over all tokens (https://arxiv.org/abs/1512.00567, section 7); default 0. */
  labelSmoothing?: number;
  /** `mean` over target tokens (default) or their sum. */
  reduction?: 'mean' | 'sum';
}

/**
 * Cross-entropy in nats of the labels, padding left out.
 *
 * @param model computes the logits under teacher forcing; or the logits themselves, [batch, target steps, vocabulary]
 */
export function translationLoss(
  model: Pick<TranslationModel, 'forward'> | tf.Tensor,
  batch: TranslationBatch,
  { pad, labelSmoothing = 0, reduction = 'mean' }: TranslationLossOptions,
): tf.Scalar {
  const logits = model instanceof tf.Tensor ? model : model.forward(batch); // [batch, target steps, vocabulary]
  return softmaxCrossEntropy(logits, batch.labels, {
    labelSmoothing,
    ignoreIndex: pad,
    reduction,
  }) as tf.Scalar;
}
