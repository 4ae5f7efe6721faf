// A decoder-only Transformer: a language model, and what GPT is.
import { type Rng, Linear, initialize, linear, normal } from '@d2lts/core';
import type { SearchDecoderOptions, StepDecoder, WindowLanguageModel } from '@d2lts/rnn';
import type * as tf from '@tensorflow/tfjs-core';
import type { MemoryOptions } from './block.ts';
import { DecoderOnlySearch, type DecoderOnlyState } from './decoderOnlySearch.ts';
import { SingleStack, type SingleStackConfig } from './singleStack.ts';

/** Sizes and choices of a decoder-only Transformer; plain JSON. */
export interface DecoderOnlyConfig extends SingleStackConfig {
  /** One matrix for embedding and output; true by default. */
  tiedEmbeddings?: boolean;
}

/**
 * A Transformer language model: causal blocks over one sequence. Radford et al., 2018 and 2019 (GPT, GPT-2).
 *
 * @example
 * const config = { vocabSize: 512, dim: 64, numHeads: 4, ffnDim: 256, numLayers: 2, positions: 'rotary' } as const;
 * const model = new DecoderOnlyTransformer(config, { rng: new Rng(1) }).eval();
 * const [text] = await sampleSearch(model.searchDecoder(), [prompt], { bos, eos, maxLength: 50, seed: 1 });
 */
export class DecoderOnlyTransformer extends SingleStack implements WindowLanguageModel {
  output: Linear | undefined;
  readonly config: DecoderOnlyConfig;
  readonly vocabSize: number;

  constructor(config: DecoderOnlyConfig, { rng }: { rng: Rng }) {
    super(config, rng);
    const { vocabSize, dim, tiedEmbeddings = true } = config;
    this.config = { ...config };
    this.vocabSize = vocabSize;
    this.output = tiedEmbeddings ? undefined : new Linear(dim, vocabSize, { bias: false, rng });
    if (this.output !== undefined) initialize(this.output.weight, normal(0, 0.02), rng);
  }

  /**
   * @param ids int32 [batch, steps]
   * @returns logits of the next token at every step, [batch, steps, vocabulary]
   */
  forward(ids: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    return this.project(this.encoder.forward(this.embed(ids), { ...options, causal: true }));
  }

  /** Logits [..., vocabulary] of hidden vectors [..., dim]. */
  project(hidden: tf.Tensor): tf.Tensor {
    return this.output?.forward(hidden) ?? linear(hidden, this.embedding.weight);
  }

  /** The model as search sees it: a source is a prompt of at least one token. */
  searchDecoder(options: SearchDecoderOptions = {}): StepDecoder<readonly number[], DecoderOnlyState> {
    return new DecoderOnlySearch(this, options);
  }
}
