// What every translation model offers: logits for training, step-by-step decoding for search.
import type { Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { SearchDecoderOptions, StepDecoder } from '../search/decoder.ts';

/** Source ids, target ids shifted by one, and labels; rows are padded with the padding id. */
export interface TranslationBatch {
  /** int32 [batch, source steps], each row ended by the end token. */
  source: tf.Tensor;
  /** int32 [batch]: how many of each source row are no padding. */
  sourceLens: tf.Tensor;
  /** int32 [batch, target steps]: begin token, then the target. */
  input: tf.Tensor;
  /** int32 [batch, target steps]: the target, then the end token. */
  labels: tf.Tensor;
}

/** Ids that mean something to the machinery. */
export interface SpecialIds {
  pad: number;
  bos: number;
  eos: number;
}

/** An encoder-decoder that can be trained and searched. */
export interface TranslationModel extends Module {
  /** The longest source and the longest target that it can read, in tokens; without one there is no limit. */
  readonly maxLen?: number | undefined;
  /** Logits [batch, target steps, vocabulary] with teacher forcing. */
  forward(batch: Omit<TranslationBatch, 'labels'>): tf.Tensor;
  /** The model as search sees it; a source is a list of ids, ended by the end token. */
  searchDecoder(options?: SearchDecoderOptions): StepDecoder<readonly number[], unknown>;
}
