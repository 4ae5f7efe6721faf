// What language models offer: next-token scores, from a state that goes on from batch to batch or from a window of text.
import type { Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { StepDecoder } from '../search/decoder.ts';

/** States [layers · directions, batch, hidden]; `c` for LSTM only. */
export type LanguageModelState = {
  h: tf.Tensor;
  c?: tf.Tensor;
};

/** A recurrent language model. */
export interface RecurrentLanguageModel extends Module {
  readonly vocabSize: number;
  /**
   * @param ids int32 [batch, steps]
   * @param state where the sequences before these ended; zeros when left out
   * @returns logits [batch, steps, vocabulary] and the state after the last step
   */
  forward(ids: tf.Tensor, state?: LanguageModelState): [logits: tf.Tensor, state: LanguageModelState];
  /** The state before the first token: zeros. */
  beginState(batch: number): LanguageModelState;
  /** The model as search sees it; a source is a prompt of at least one token. */
  searchDecoder(): StepDecoder<readonly number[], LanguageModelState>;
}

/** A language model without a state, such as a decoder-only Transformer: it sees so many tokens and nothing before. */
export interface WindowLanguageModel extends Module {
  readonly vocabSize: number;
  /** Most tokens that it sees at once. */
  readonly maxLen: number;
  /** @param ids int32 [batch, steps]. @returns logits [batch, steps, vocabulary] */
  forward(ids: tf.Tensor): tf.Tensor;
  /** The model as search sees it; a source is a prompt of at least one token. */
  searchDecoder(): StepDecoder<readonly number[], unknown>;
}

/** A language model that can be trained, scored and searched here. */
export type LanguageModel = RecurrentLanguageModel | WindowLanguageModel;

/** Whether a model carries a state from token to token. */
export function isRecurrent(model: LanguageModel): model is RecurrentLanguageModel {
  return 'beginState' in model;
}

/** The tensors of a state, to keep or to dispose. */
export function stateTensors({ h, c }: LanguageModelState): tf.Tensor[] {
  return c === undefined ? [h] : [h, c];
}

/** A state whose tensors are those of another, each changed by `change`. */
export function mapState(
  { h, c }: LanguageModelState,
  change: (tensor: tf.Tensor) => tf.Tensor,
): LanguageModelState {
  return c === undefined ? { h: change(h) } : { h: change(h), c: change(c) };
}
