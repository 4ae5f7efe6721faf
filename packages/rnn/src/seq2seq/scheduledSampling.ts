// Teacher forcing now and then: the decoder learns to go on from its own tokens.
import type { Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../checks.ts';
import type { TranslationBatch } from '../translation/model.ts';
import type { EncoderDecoder } from './encoderDecoder.ts';

/** Options of `scheduledSampling`. */
export interface ScheduledSamplingOptions {
  /** Probability that a step is given the true token before it, and not the decoder's likeliest; from 0 to 1. */
  teacherForcing: number;
  /** Draws for each token which it is. */
  rng: Rng;
}

/**
 * Logits [batch, target steps, vocabulary] as from the model's `forward`, but with some of the true tokens replaced
 * by the decoder's own (https://arxiv.org/abs/1506.03099). Lower `teacherForcing` in the course of training.
 *
 * @example
 * const logits = scheduledSampling(model, batch, { teacherForcing: 0.8, rng });
 * const loss = translationLoss(logits, batch, { pad: 0 });
 */
export function scheduledSampling<Encoded, State>(
  model: EncoderDecoder<Encoded, State>,
  batch: Omit<TranslationBatch, 'labels'>,
  { teacherForcing, rng }: ScheduledSamplingOptions,
): tf.Tensor {
  checkNumber('scheduledSampling', 'teacherForcing', teacherForcing, 'from 0 to 1', (p) => p >= 0 && p <= 1);
  const [rows, steps] = batch.input.shape as [number, number];
  let state = model.encode(batch);
  const outputs: tf.Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    let input = tf.slice(batch.input, [0, t], [rows, 1]);
    const last = outputs.at(-1); // [batch, 1, vocabulary]
    if (last !== undefined) {
      const forced = tf.tensor2d(
        Uint8Array.from({ length: rows }, () => Number(rng.bernoulli(teacherForcing))),
        [rows, 1],
        'bool',
      );
      input = tf.where(forced, input, tf.argMax(last, 2));
    }
    const step = model.decoder.forward(input, state);
    outputs.push(step.logits);
    state = step.state;
  }
  return tf.concat(outputs, 1);
}
