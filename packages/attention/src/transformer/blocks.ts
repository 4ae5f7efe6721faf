// The Transformer's two blocks. State names are those of torch.nn.TransformerEncoderLayer and DecoderLayer.
import type { Activation } from '@d2lts/backend';
import { type Rng, Dropout, LayerNorm, Linear, Module, xavierUniform, initialize } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { MultiHeadAttention } from '../multiHeadAttention.ts';

/** Options of the blocks. */
export interface BlockOptions {
  /** Width of the hidden layer between the two linear maps; 4·dim by default. */
  ffnDim?: number;
  /** Dropout of attention weights, of the hidden layer and before each sum; 0 by default. */
  dropout?: number;
  /** Normalise before each sublayer (pre-norm) or after each sum (post-norm, the paper's default). */
  normFirst?: boolean;
  /** Of the hidden layer; 'relu' by default. */
  activation?: Activation;
  /** Whether the attention projections have biases; true by default (the book's have none). */
  attentionBias?: boolean;
  rng: Rng;
}

/** A sequence and who of it may be seen. */
export interface MemoryOptions {
  /** int32 [batch]: steps at or past it are padding. */
  validLens?: tf.Tensor | undefined;
  /** Receives attention weights `[batch, heads, queries, keys]` as they are made. */
  onWeights?: ((weights: tf.Tensor) => void) | undefined;
}

/** What both blocks share: the feed-forward part, sums, normalisation. */
abstract class Block extends Module {
  linear1: Linear;
  linear2: Linear;
  readonly dropout: Dropout;
  readonly normFirst: boolean;

  constructor(dim: number, options: BlockOptions) {
    super();
    const { ffnDim = 4 * dim, dropout = 0, normFirst = false, activation = 'relu', rng } = options;
    this.linear1 = new Linear(dim, ffnDim, { activation, rng });
    this.linear2 = new Linear(ffnDim, dim, { rng });
    for (const { weight, bias } of [this.linear1, this.linear2]) {
      initialize(weight, xavierUniform(), rng);
      bias?.assign(tf.zeros(bias.shape));
    }
    this.dropout = new Dropout(dropout, { rng });
    this.normFirst = normFirst;
  }

  /** The position-wise feed-forward network. https://arxiv.org/abs/1706.03762, section 3.3. */
  protected feedForward(x: tf.Tensor): tf.Tensor {
    return this.linear2.forward(this.dropout.forward(this.linear1.forward(x)));
  }

  /** x + dropout(f(norm(x))), or norm(x + dropout(f(x))). */
  protected sublayer(x: tf.Tensor, norm: LayerNorm, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    if (this.normFirst) return tf.add(x, this.dropout.forward(f(norm.forward(x))));
    return norm.forward(this.dropout.forward(f(x)), x);
  }
}

/** Self-attention and a feed-forward network, each with a sum and a normalisation (the book's section 10.7). */
export class EncoderBlock extends Block {
  self_attn: MultiHeadAttention;
  norm1: LayerNorm;
  norm2: LayerNorm;

  constructor(dim: number, numHeads: number, options: BlockOptions) {
    super(dim, options);
    const { dropout = 0, attentionBias: bias = true, rng } = options;
    this.self_attn = new MultiHeadAttention(dim, numHeads, { dropout, bias, rng });
    this.norm1 = new LayerNorm(dim);
    this.norm2 = new LayerNorm(dim);
  }

  /** @param x [batch, steps, dim] */
  forward(x: tf.Tensor, { validLens, onWeights }: MemoryOptions = {}): tf.Tensor {
    const attended = this.sublayer(x, this.norm1, (z) => {
      const { output, weights } = this.self_attn.forward(z, undefined, {
        validLens,
        returnWeights: onWeights !== undefined,
      });
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return this.sublayer(attended, this.norm2, (z) => this.feedForward(z));
  }
}

/** Keys and values of one decoder block: of the source, and of the target so far. */
export interface BlockCache {
  /** [rows, source steps, 2·dim]. */
  memory: tf.Tensor;
  /** [rows, target steps so far, 2·dim]; none before the first step. */
  past: tf.Tensor | undefined;
  /** The query part of the packed cross projection, cut out once. */
  query: [weight: tf.Tensor, bias: tf.Tensor | undefined];
}

/** Causal self-attention, attention to the source, a feed-forward network (the book's section 10.7). */
export class DecoderBlock extends Block {
  self_attn: MultiHeadAttention;
  multihead_attn: MultiHeadAttention;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;

  constructor(dim: number, numHeads: number, options: BlockOptions) {
    super(dim, options);
    const { dropout = 0, attentionBias: bias = true, rng } = options;
    this.self_attn = new MultiHeadAttention(dim, numHeads, { dropout, bias, rng });
    this.multihead_attn = new MultiHeadAttention(dim, numHeads, { dropout, bias, rng });
    this.norm1 = new LayerNorm(dim);
    this.norm2 = new LayerNorm(dim);
    this.norm3 = new LayerNorm(dim);
  }

  /**
   * @param x [batch, target steps, dim]
   * @param memory the encoder's output, [batch, source steps, dim]
   */
  forward(x: tf.Tensor, memory: tf.Tensor, { validLens, onWeights }: MemoryOptions = {}): tf.Tensor {
    const own = this.sublayer(
      x,
      this.norm1,
      (z) => this.self_attn.forward(z, undefined, { causal: true }).output,
    );
    const crossed = this.sublayer(own, this.norm2, (z) => {
      const options = { validLens, returnWeights: onWeights !== undefined };
      const { output, weights } = this.multihead_attn.forward(z, memory, options);
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return this.sublayer(crossed, this.norm3, (z) => this.feedForward(z));
  }

  /**
   * One target step with a key-value cache.
   *
   * @param x [rows, 1, dim]
   * @returns the output, and keys and values with this step's added; the caller disposes what it replaces
   */
  step(
    x: tf.Tensor,
    cache: BlockCache,
    { validLens, onWeights }: MemoryOptions = {},
  ): [tf.Tensor, tf.Tensor] {
    const { dim } = this.self_attn;
    let past: tf.Tensor | undefined;
    const own = this.sublayer(x, this.norm1, (z) => {
      const qkv = this.self_attn.projectAll(z); // [rows, 1, 3·dim]
      const keysValues = tf.slice(qkv, [0, 0, dim], [-1, -1, 2 * dim]);
      past = cache.past === undefined ? keysValues : tf.concat([cache.past, keysValues], 1);
      const query = tf.slice(qkv, [0, 0, 0], [-1, -1, dim]);
      return this.self_attn.finish({ query, key: past }, {}).output;
    });
    const crossed = this.sublayer(own, this.norm2, (z) => {
      const query = this.multihead_attn.projectWith(z, cache.query);
      const options = { validLens, returnWeights: onWeights !== undefined };
      const { output, weights } = this.multihead_attn.finish({ query, key: cache.memory }, options);
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return [this.sublayer(crossed, this.norm3, (z) => this.feedForward(z)), past as unknown as tf.Tensor];
  }
}
