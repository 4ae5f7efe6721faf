// How the decoder is fed in training: with the true tokens, or now and then with its own.
import { type Callback, type Json, type RngState, ConfigError } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../checks.ts';
import type { TranslationBatch, TranslationModel } from '../translation/index.ts';
import { EncoderDecoder } from './encoderDecoder.ts';
import { type ScheduledSamplingOptions, scheduledSampling } from './scheduledSampling.ts';

/**
 * The logits that a translation model trains on: with teacher forcing, or with scheduled sampling where
 * `teacherForcing` is below 1.
 *
 * It is a callback too: given to the trainer, checkpoints keep its generator and training goes on bit for bit.
 *
 * @example
 * const forcing = new TeacherForcing(model, { teacherForcing: 0.8, rng: new Rng(1) });
 * const loss = (batch: PairBatch) => {
 *   const tensors = batchTensors(batch);
 *   return translationLoss(forcing.logits(tensors), tensors, { pad: 0 });
 * };
 */
export class TeacherForcing implements Callback {
  readonly name = 'TeacherForcing';

  /**
   * @throws ValueError for a probability below 0 or above 1
   * @throws ConfigError below 1, when the model has no decoder that goes step by step
   */
  constructor(
    private readonly model: TranslationModel,
    private readonly options: ScheduledSamplingOptions,
  ) {
    const { teacherForcing } = options;
    checkNumber('TeacherForcing', 'teacherForcing', teacherForcing, 'from 0 to 1', (p) => p >= 0 && p <= 1);
    if (teacherForcing === 1 || model instanceof EncoderDecoder) return;
    throw new ConfigError({
      operation: 'TeacherForcing',
      fact: 'teacherForcing must be 1 for a model whose decoder does not go step by step',
      value: teacherForcing,
      advice: 'leave it out, or train a recurrent model',
      argument: 'teacherForcing',
    });
  }

  /** Logits [batch, target steps, vocabulary]. */
  logits(batch: Omit<TranslationBatch, 'labels'>): tf.Tensor {
    const { model, options } = this;
    if (options.teacherForcing === 1) return model.forward(batch);
    return scheduledSampling(model as TranslationModel & EncoderDecoder<unknown, unknown>, batch, options);
  }

  state(): Json {
    return { ...this.options.rng.state() };
  }

  restore(state: Json): void {
    this.options.rng.restore(state as unknown as RngState);
  }
}
