// How often the largest score is the right one.
import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/index.ts';

/**
 * Share of rows whose largest logit is the label's, among rows whose label is not `ignoreIndex`.
 *
 * @param logits [..., classes]
 * @param labels int32, one a row of `logits`
 */
export function accuracy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: { ignoreIndex?: number } = {},
): number {
  const { correct, count } = countCorrect(logits, labels, options);
  return count > 0 ? correct / count : 0;
}

/** Correct and counted rows, to be summed over batches. */
export function countCorrect(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { ignoreIndex }: { ignoreIndex?: number } = {},
): { correct: number; count: number } {
  const classes = logits.shape.at(-1) ?? 1;
  if (logits.size !== labels.size * classes) {
    throw new ShapeError({
      operation: 'accuracy',
      fact: `labels must have one entry a row of logits [${logits.shape.join(', ')}]`,
      value: labels.shape,
      argument: 'labels',
    });
  }
  const predicted = tf.tidy(() => tf.argMax(tf.reshape(logits, [-1, classes]), 1).dataSync());
  const expected = labels.dataSync();
  let correct = 0;
  let count = 0;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === ignoreIndex) continue;
    count++;
    if (predicted[i] === expected[i]) correct++;
  }
  return { correct, count };
}

/** e to the mean negative log likelihood (in nats). */
export function perplexity(meanLoss: number): number {
  return Math.exp(meanLoss);
}
