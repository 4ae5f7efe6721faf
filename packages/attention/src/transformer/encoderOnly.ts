// An encoder-only Transformer: token ids to vectors that know their neighbours on both sides.
import { type Rng, Embedding, Module, normal } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { MemoryOptions } from './block.ts';
import type { FeedForwardActivation } from './feedForward.ts';
import { type PositionKind, type PositionModule, positionsOf } from './positionKinds.ts';
import { TransformerEncoder } from './stacks.ts';

/** Sizes and choices of an encoder-only or decoder-only Transformer; plain JSON. */
export interface OneSidedConfig {
  /** Number of tokens. */
  vocabSize: number;
  /** Width of the embeddings and of every block's output. */
  dim: number;
  numHeads: number;
  /** Width of the feed-forward hidden layer. */
  ffnDim: number;
  numLayers: number;
  /** 0.1 by default. */
  dropout?: number;
  /** Dropout of attention weights; `dropout` by default. */
  attentionDropout?: number;
  /** Dropout of the feed-forward networks' hidden layers; `dropout` by default. */
  hiddenDropout?: number;
  /** Pre-norm blocks; true by default. */
  normFirst?: boolean;
  /** A normalisation after the last block; `normFirst` by default. */
  finalNorm?: boolean;
  /** 'gelu' by default. */
  activation?: FeedForwardActivation;
  /** Whether the attention projections have biases; true by default. */
  attentionBias?: boolean;
  /** How it knows where a token stands; 'learned' by default. */
  positions?: PositionKind;
  /** Longest sequence; 256 by default. */
  maxLen?: number;
}

/** Embeddings, positions and a stack of blocks: what both one-sided models are made of. */
export abstract class OneSided extends Module {
  embedding: Embedding;
  readonly position: PositionModule;
  encoder: TransformerEncoder;
  readonly maxLen: number;

  constructor(config: OneSidedConfig, rng: Rng) {
    super();
    const {
      vocabSize,
      dim,
      numHeads,
      numLayers,
      ffnDim,
      dropout = 0.1,
      normFirst = true,
      maxLen = 256,
    } = config;
    const { activation = 'gelu', attentionBias = true, positions = 'learned' } = config;
    // Sines and cosines are of size 1, and the embeddings beside them; trained positions are small.
    const [scale, deviation] = positions === 'sinusoidal' ? [Math.sqrt(dim), dim ** -0.5] : [1, 0.02];
    this.embedding = new Embedding(vocabSize, dim, { scale, initializer: normal(0, deviation), rng });
    const { position, rotary } = positionsOf(positions, { dim, numHeads, maxLen, dropout, rng });
    this.position = position;
    const { attentionDropout = dropout, hiddenDropout = dropout, finalNorm } = config;
    const dropouts = { dropout, attentionDropout, hiddenDropout };
    const options = { ffnDim, ...dropouts, normFirst, finalNorm, activation, attentionBias, rotary, rng };
    this.encoder = new TransformerEncoder({ numLayers, dim, numHeads }, options);
    this.maxLen = maxLen;
  }
}

/**
 * Token ids to hidden vectors, each of which sees the whole sequence (the book's `TransformerEncoder`, section 10.7, is
 * this with sinusoidal positions and post-norm blocks).
 *
 * @example
 * const config = { vocabSize: 200, dim: 24, numHeads: 8, ffnDim: 48, numLayers: 2 };
 * const hidden = new EncoderOnlyTransformer(config, { rng: new Rng(1) }).forward(ids, { validLens });
 */
export class EncoderOnlyTransformer extends OneSided {
  readonly config: OneSidedConfig;

  constructor(config: OneSidedConfig, { rng }: { rng: Rng }) {
    super(config, rng);
    this.config = { ...config };
  }

  /**
   * @param ids int32 [batch, steps]
   * @returns [batch, steps, dim]
   */
  forward(ids: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    return this.encoder.forward(this.position.forward(this.embedding.forward(ids)), options);
  }
}
