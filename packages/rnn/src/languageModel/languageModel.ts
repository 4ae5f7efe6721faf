// What every recurrent language model offers: next-token scores, and a state that goes on from batch to batch.
import type { Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';

/** States [layers · directions, batch, hidden]; `c` for LSTM only. */
export type LanguageModelState = {
  h: tf.Tensor;
  c?: tf.Tensor;
};

/** A recurrent language model that can be trained, scored and searched here. */
export interface LanguageModel extends Module {
  readonly vocabSize: number;
  /**
   * @param ids int32 [batch, steps]
   * @param state where the sequences before these ended; zeros when left out
   * @returns logits [batch, steps, vocabulary] and the state after the last step
   */
  forward(ids: tf.Tensor, state?: LanguageModelState): [logits: tf.Tensor, state: LanguageModelState];
  /** The state before the first token: zeros. */
  beginState(batch: number): LanguageModelState;
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
