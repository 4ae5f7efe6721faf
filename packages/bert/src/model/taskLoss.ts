// The losses of fine-tuning, as Hugging Face's models have them.
import { bceWithLogits, mseLoss, softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SpanLogits } from './taskHeads.ts';

/** What the labels of a text are: one class, several at once, or numbers. */
export type ProblemType = 'single_label_classification' | 'multi_label_classification' | 'regression';

/**
 * The mean loss of labels of texts.
 *
 * @param logits [batch, labels]
 * @param problemType by default regression for one label, else one class
 * @param labels int32 [batch]; several labels: 0 or 1 [batch, labels]; numbers: [batch, labels], or [batch] for one
 */
export function sequenceLoss(logits: tf.Tensor, labels: tf.Tensor, problemType?: ProblemType): tf.Scalar {
  const problem = problemType ?? (logits.shape[1] === 1 ? 'regression' : 'single_label_classification');
  if (problem === 'single_label_classification') return softmaxCrossEntropy(logits, labels) as tf.Scalar;
  const wanted = tf.cast(tf.reshape(labels, logits.shape), 'float32');
  const loss = problem === 'regression' ? mseLoss(logits, wanted) : bceWithLogits(logits, wanted);
  return loss as tf.Scalar;
}

/** The mean loss of labels of tokens, int32 [batch, steps]; −100 counts for nothing. */
export function tokenLoss(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  return softmaxCrossEntropy(logits, labels) as tf.Scalar;
}

/** The mean loss of where answers begin and end, int32 [batch]; a place past the last step counts for nothing. */
export function spanLoss({ start, end }: SpanLogits, starts: tf.Tensor, ends: tf.Tensor): tf.Scalar {
  const steps = start.shape[1]!;
  const within = (places: tf.Tensor) => tf.clipByValue(places, 0, steps);
  const lossOf = (logits: tf.Tensor, places: tf.Tensor) =>
    softmaxCrossEntropy(logits, tf.cast(within(places), 'int32'), { ignoreIndex: steps });
  return tf.div(tf.add(lossOf(start, starts), lossOf(end, ends)), 2);
}
