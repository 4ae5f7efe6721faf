// Log-probabilities: of single rows, and of all that a model gives.
import { readFloats } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { StepResult } from './decoder.ts';

/** Turns one row of logits into log-probabilities, in place. */
export function logSoftmax(row: Float32Array): Float32Array {
  let max = -Infinity;
  for (let i = 0; i < row.length; i++) if (row[i]! > max) max = row[i]!;
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += Math.exp(row[i]! - max);
  const logSum = Math.log(sum);
  for (let i = 0; i < row.length; i++) row[i] = row[i]! - max - logSum; // max first: it may have all the digits
  return row;
}

/**
 * Reads a model's logits, which are gone afterwards, as a step's scores. Where there are many, the backend makes
 * log-probabilities of them, which takes a tenth of the time that JavaScript would.
 *
 * @param logits [rows, vocabulary], or with dimensions of 1 between
 * @param into Where they are put if there is room for them.
 */
export async function readScores(
  logits: tf.Tensor,
  into?: Float32Array,
): Promise<Pick<StepResult<unknown>, 'logits' | 'normalized'>> {
  const normalized = logits.size >= 4096;
  const scores = normalized ? tf.logSoftmax(logits) : logits;
  const values = await readFloats(scores, into);
  tf.dispose([scores, logits]);
  return { logits: values, normalized };
}

/** The index of the largest value; the first of equals. */
export function argmax(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
