// The Transformer encoder-decoder: embeddings, blocks, output projection.
import type { Activation } from '@d2lts/backend';
import { type Rng, Embedding, LayerNorm, Linear, Module, initialize, linear, normal } from '@d2lts/core';
import type { StepDecoder, TranslationBatch, TranslationModel } from '@d2lts/rnn';
import type * as tf from '@tensorflow/tfjs-core';
import { PositionalEncoding } from '../positionalEncoding.ts';
import { DecoderBlock, EncoderBlock, type MemoryOptions } from './blocks.ts';
import { TransformerSearch, type TransformerState } from './transformerSearch.ts';

/** Sizes and choices of a Transformer; plain JSON, so that it can be a model folder's config. */
export interface TransformerConfig {
  /** Number of source tokens (and of target tokens, unless `targetVocabSize` says otherwise). */
  vocabSize: number;
  targetVocabSize?: number;
  /** Width of the embeddings and of every block's output. */
  dim: number;
  numHeads: number;
  /** Width of the feed-forward hidden layer. */
  ffnDim: number;
  encoderLayers: number;
  decoderLayers: number;
  /** 0.1 by default. */
  dropout?: number;
  /** Pre-norm blocks; true by default. */
  normFirst?: boolean;
  /** 'relu' by default. */
  activation?: Activation;
  /** One matrix for source embedding, target embedding and output; true by default. */
  tiedEmbeddings?: boolean;
  /** Whether the attention projections have biases; true by default. */
  attentionBias?: boolean;
  /** Longest sequence; 256 by default. */
  maxLen?: number;
  /** Id of the padding token; 0 by default. */
  padId?: number;
}

/** A stack of blocks with a final normalisation when they are pre-norm. */
class Stack<Block extends Module> extends Module {
  layers: Block[];
  norm: LayerNorm | undefined;

  constructor(count: number, dim: number, normFirst: boolean, make: () => Block) {
    super();
    this.layers = Array.from({ length: count }, make);
    this.norm = normFirst ? new LayerNorm(dim) : undefined;
  }

  finish(x: tf.Tensor): tf.Tensor {
    return this.norm?.forward(x) ?? x;
  }
}

/**
 * The encoder-decoder of "Attention Is All You Need" (https://arxiv.org/abs/1706.03762; the book's section 10.7).
 * State names are those of `torch.nn.Transformer`, with `source_embedding`, `target_embedding` and `output` beside.
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
  encoder: Stack<EncoderBlock>;
  decoder: Stack<DecoderBlock>;
  output: Linear | undefined;
  readonly position: PositionalEncoding;
  readonly targetVocabSize: number;
  readonly config: TransformerConfig;

  constructor(config: TransformerConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHeads, dropout = 0.1, normFirst = true, padId = 0 } = config;
    const { tiedEmbeddings = true, targetVocabSize = vocabSize } = config;
    this.config = { ...config };
    this.targetVocabSize = targetVocabSize;
    const embed = (count: number) => {
      const table = new Embedding(count, dim, { paddingIdx: padId, scale: Math.sqrt(dim), rng });
      initialize(table.weight, normal(0, dim ** -0.5), rng);
      return table;
    };
    this.source_embedding = embed(vocabSize);
    this.target_embedding = tiedEmbeddings ? this.source_embedding : embed(targetVocabSize);
    this.position = new PositionalEncoding(dim, { maxLen: config.maxLen ?? 256, dropout, rng });
    const options = {
      ffnDim: config.ffnDim,
      activation: config.activation ?? ('relu' as const),
      attentionBias: config.attentionBias ?? true,
      dropout,
      normFirst,
      rng,
    };
    this.encoder = new Stack(
      config.encoderLayers,
      dim,
      normFirst,
      () => new EncoderBlock(dim, numHeads, options),
    );
    this.decoder = new Stack(
      config.decoderLayers,
      dim,
      normFirst,
      () => new DecoderBlock(dim, numHeads, options),
    );
    this.output = tiedEmbeddings ? undefined : new Linear(dim, targetVocabSize, { bias: false, rng });
  }

  /** The source as vectors [batch, steps, dim]. @param source int32 [batch, steps] */
  encode(source: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    let x = this.position.forward(this.source_embedding.forward(source));
    for (const block of this.encoder.layers) x = block.forward(x, options);
    return this.encoder.finish(x);
  }

  /** Hidden vectors [batch, target steps, dim] of a whole target. @param memory what `encode` gave */
  decode(input: tf.Tensor, memory: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    let x = this.position.forward(this.target_embedding.forward(input));
    for (const block of this.decoder.layers) x = block.forward(x, memory, options);
    return this.decoder.finish(x);
  }

  /** Logits [..., target vocabulary] of hidden vectors [..., dim]. */
  project(hidden: tf.Tensor): tf.Tensor {
    return this.output?.forward(hidden) ?? linear(hidden, this.target_embedding.weight);
  }

  forward({ source, sourceLens, input }: Omit<TranslationBatch, 'labels'>): tf.Tensor {
    const options = { validLens: sourceLens };
    return this.project(this.decode(input, this.encode(source, options), options));
  }

  searchDecoder(options: { attention?: boolean } = {}): StepDecoder<readonly number[], TransformerState> {
    return new TransformerSearch(this, options);
  }
}
