// The Transformer encoder-decoder: embeddings, blocks, output projection.
import { type Rng, Embedding, Linear, Module, constant, initialized, linear, normal } from '@d2lts/core';
import type { SearchDecoderOptions, StepDecoder, TranslationBatch, TranslationModel } from '@d2lts/rnn';
import type * as tf from '@tensorflow/tfjs-core';
import type { MemoryOptions } from './block.ts';
import type { DecoderBlockOptions } from './decoderBlock.ts';
import type { PositionModule } from './positionKinds.ts';
import { type TransformerBaseConfig, transformerParts } from './transformerConfig.ts';
import { TransformerDecoder, TransformerEncoder } from './stacks.ts';
import { TransformerSearch, type TransformerState } from './transformerSearch.ts';

/** Sizes and choices of an encoder-decoder Transformer; plain JSON. ReLU and sinusoidal positions by default. */
export interface TransformerConfig extends TransformerBaseConfig {
  /** `vocabSize` by default. */
  targetVocabSize?: number;
  encoderLayers: number;
  decoderLayers: number;
  /** One matrix for source embedding, target embedding and output; true by default. */
  tiedEmbeddings?: boolean;
  /** Whether the output projection has a bias, as in the book; false by default. */
  outputBias?: boolean;
  /** Id of the padding token; 0 by default. */
  padId?: number;
}

/**
 * The encoder-decoder of "Attention Is All You Need" (https://arxiv.org/abs/1706.03762; the book's section 10.7).
 * State names are those of `torch.nn.Transformer` (which, post-norm too, has `finalNorm`), with `source_embedding`,
 * `target_embedding` and `output` beside (`output_bias` alone where the embeddings are tied). `fromBookState` renames a
 * state of the book's.
 *
 * @example
 * const model = new Transformer(
 *   { vocabSize: 300, dim: 32, numHeads: 4, ffnDim: 64, encoderLayers: 2, decoderLayers: 2 },
 *   { rng: new Rng(1) },
 * );
 */
export class Transformer extends Module implements TranslationModel {
  source_embedding: Embedding;
  target_embedding: Embedding;
  encoder: TransformerEncoder;
  decoder: TransformerDecoder;
  output: Linear | undefined;
  /** [target vocabulary]; where the output shares the embedding's matrix. */
  output_bias: tf.Variable | undefined;
  readonly position: PositionModule;
  readonly targetVocabSize: number;
  readonly maxLen: number;
  readonly config: TransformerConfig;

  constructor(config: TransformerConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHeads, padId = 0 } = config;
    const { tiedEmbeddings = true, targetVocabSize = vocabSize, outputBias: bias = false } = config;
    this.config = { ...config };
    this.targetVocabSize = targetVocabSize;
    const initializer = normal(0, dim ** -0.5);
    const embed = (count: number) =>
      new Embedding(count, dim, { paddingIdx: padId, scale: Math.sqrt(dim), initializer, rng });
    this.source_embedding = embed(vocabSize);
    this.target_embedding = tiedEmbeddings ? this.source_embedding : embed(targetVocabSize);
    const parts = transformerParts(config, { activation: 'relu', positions: 'sinusoidal' }, rng);
    const { options } = parts;
    this.position = parts.position;
    this.maxLen = parts.maxLen;
    this.encoder = new TransformerEncoder({ numLayers: config.encoderLayers, dim, numHeads }, options);
    this.decoder = new TransformerDecoder({ numLayers: config.decoderLayers, dim, numHeads }, options);
    this.output = tiedEmbeddings ? undefined : new Linear(dim, targetVocabSize, { bias, rng });
    this.output_bias = tiedEmbeddings && bias ? initialized([targetVocabSize], constant(0), rng) : undefined;
  }

  /** The source as vectors [batch, steps, dim]. @param source int32 [batch, steps] */
  encode(source: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    return this.encoder.forward(this.position.forward(this.source_embedding.forward(source)), options);
  }

  /** Hidden vectors [batch, target steps, dim] of a whole target. @param memory what `encode` gave */
  decode(input: tf.Tensor, memory: tf.Tensor, options: DecoderBlockOptions = {}): tf.Tensor {
    const x = this.position.forward(this.target_embedding.forward(input));
    return this.decoder.forward(x, memory, options);
  }

  /** Logits [..., target vocabulary] of hidden vectors [..., dim]. */
  project(hidden: tf.Tensor): tf.Tensor {
    if (this.output !== undefined) return this.output.forward(hidden);
    return linear(hidden, this.target_embedding.weight, { bias: this.output_bias });
  }

  forward({ source, sourceLens, input }: Omit<TranslationBatch, 'labels'>): tf.Tensor {
    const options = { validLens: sourceLens };
    return this.project(this.decode(input, this.encode(source, options), options));
  }

  searchDecoder(options: SearchDecoderOptions = {}): StepDecoder<readonly number[], TransformerState> {
    return new TransformerSearch(this, options);
  }
}
