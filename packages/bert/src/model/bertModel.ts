// BERT with its pretraining heads.
import type { MemoryOptions } from '@d2lts/attention';
import { type Rng, Linear, Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { BertConfig } from './config.ts';
import { BERTEncoder } from './encoder.ts';
import { MaskLM, NextSentencePred, firstStep } from './heads.ts';

/** Token sequences as the model reads them. */
export interface BertInput extends MemoryOptions {
  /** int32 [batch, steps]. */
  ids: tf.Tensor;
  /** int32 [batch, steps]: 0 for the first text, 1 for the second; all 0 by default. */
  segments?: tf.Tensor | undefined;
  /** int32 [batch, predictions]: what the mask head predicts; without it there are no mask logits. */
  positions?: tf.Tensor | undefined;
}

/** What the model makes of them. */
export interface BertOutput {
  /** [batch, steps, dim]. */
  hidden: tf.Tensor;
  /** `tanh` of a linear map of the first step: [batch, dim]. */
  pooled: tf.Tensor;
  /** [batch, predictions, vocabulary]; only with `positions`. */
  maskLogits?: tf.Tensor;
  /** [batch, 2]; class 1: the second text follows the first. */
  nextSentenceLogits: tf.Tensor;
}

/**
 * BERT. Devlin et al., 2018 (https://arxiv.org/abs/1810.04805); the book's `BERTModel` (section 14.8), whose `hidden`
 * layer is called `pooler` here, as in the paper's code.
 *
 * @example
 * const sizes = { vocabSize: 1000, dim: 64, numHeads: 2, ffnDim: 128, numLayers: 2 };
 * const model = new BERTModel(sizes, { rng: new Rng(1) });
 * const { hidden, maskLogits } = model.forward({ ids, segments, validLens, positions });
 */
export class BERTModel extends Module {
  encoder: BERTEncoder;
  pooler: Linear;
  mlm: MaskLM;
  nsp: NextSentencePred;
  readonly config: BertConfig;

  constructor(config: BertConfig, { rng }: { rng: Rng }) {
    super();
    const { dim, tiedDecoder = true } = config;
    this.config = { ...config };
    this.encoder = new BERTEncoder(config, { rng });
    this.pooler = new Linear(dim, dim, { activation: 'tanh', rng });
    const table = tiedDecoder ? this.encoder.token_embedding.weight : undefined;
    this.mlm = new MaskLM(config, { table, rng });
    this.nsp = new NextSentencePred(dim, { rng });
  }

  forward({ ids, segments, positions, ...options }: BertInput): BertOutput {
    const hidden = this.encoder.forward(ids, segments, options);
    const pooled = this.pooler.forward(firstStep(hidden));
    const output = { hidden, pooled, nextSentenceLogits: this.nsp.forward(pooled) };
    return positions === undefined ? output : { ...output, maskLogits: this.mlm.forward(hidden, positions) };
  }
}
