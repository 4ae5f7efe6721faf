// What the Transformer's blocks share: the feed-forward part, sums, normalisation.
import { type Rng, Dropout, LayerNorm, Linear, Module, consume } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Attended, MultiHeadAttention } from '../multiHeadAttention.ts';
import type { RotaryPositionalEncoding } from '../positions/index.ts';
import { type FeedForwardActivation, firstActivation, hiddenLayer, initializeLinear } from './feedForward.ts';

/** Options of the blocks. */
export interface BlockOptions {
  /** Width of the hidden layer between the two linear maps; 4·dim by default. */
  ffnDim?: number;
  /** Dropout before each sum, and by default in the other two places; 0 by default. */
  dropout?: number;
  /** Dropout of attention weights; `dropout` by default. */
  attentionDropout?: number;
  /** Dropout of the hidden layer; `dropout` by default, as in PyTorch. The paper, BERT and the book have none there. */
  hiddenDropout?: number;
  /** Normalise before each sublayer (pre-norm) or after each sum (post-norm, the paper's default). */
  normFirst?: boolean;
  /** Of the hidden layer; 'relu' by default. */
  activation?: FeedForwardActivation;
  /** Whether the attention projections have biases; true by default (the book's have none). */
  attentionBias?: boolean;
  /** Added to the variance in normalisations; 1e-5 by default. */
  epsilon?: number;
  /** Rotary positions for self-attention; none by default. */
  rotary?: RotaryPositionalEncoding | undefined;
  rng: Rng;
}

/** A sequence and who of it may be seen. */
export interface MemoryOptions {
  /** int32 [batch]: steps at or past it are padding. */
  validLens?: tf.Tensor | undefined;
  /** Receives attention weights `[batch, heads, queries, keys]` as they are made. */
  onWeights?: ((weights: tf.Tensor) => void) | undefined;
}

/** Base of both blocks. */
export abstract class Block extends Module {
  linear1: Linear;
  linear2: Linear;
  /** The gate of SwiGLU. */
  linear3: Linear | undefined;
  readonly dropout: Dropout;
  readonly hiddenDropout: Dropout;
  readonly normFirst: boolean;

  constructor(dim: number, options: BlockOptions) {
    super();
    const { ffnDim = 4 * dim, dropout = 0, normFirst = false, activation = 'relu', rng } = options;
    this.linear1 = new Linear(dim, ffnDim, { activation: firstActivation(activation), rng });
    this.linear2 = new Linear(ffnDim, dim, { rng });
    this.linear3 = activation === 'swiglu' ? new Linear(dim, ffnDim, { rng }) : undefined;
    for (const layer of [this.linear1, this.linear2, this.linear3])
      if (layer !== undefined) initializeLinear(layer, rng);
    this.dropout = new Dropout(dropout, { rng });
    this.hiddenDropout = new Dropout(options.hiddenDropout ?? dropout, { rng });
    this.normFirst = normFirst;
  }

  /** The position-wise feed-forward network. https://arxiv.org/abs/1706.03762, section 3.3. */
  protected feedForward(x: tf.Tensor): tf.Tensor {
    const hidden = hiddenLayer(x, this.linear1, this.linear3);
    return this.linear2.forward(this.hiddenDropout.forward(hidden));
  }

  /** A sublayer of attention; who asked for its weights gets them. */
  protected attended(
    x: tf.Tensor,
    norm: LayerNorm,
    onWeights: MemoryOptions['onWeights'],
    attend: (x: tf.Tensor, returnWeights: boolean) => Attended,
  ): tf.Tensor {
    return this.sublayer(x, norm, (z) => {
      const { output, weights } = attend(z, onWeights !== undefined);
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
  }

  /** x + dropout(f(norm(x))), or norm(x + dropout(f(x))). */
  protected sublayer(x: tf.Tensor, norm: LayerNorm, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    const made = f(this.normFirst ? norm.forward(x) : x);
    const dropped = consume(made, (y) => this.dropout.forward(y));
    return consume(dropped, (y) => (this.normFirst ? tf.add(x, y) : norm.forward(y, x)));
  }
}

/** Attention as a block has it. */
export function blockAttention(
  dim: number,
  numHeads: number,
  { dropout = 0, attentionDropout = dropout, attentionBias: bias = true, rng }: BlockOptions,
  rotary?: RotaryPositionalEncoding,
): MultiHeadAttention {
  return new MultiHeadAttention(dim, numHeads, { dropout: attentionDropout, bias, rotary, rng });
}

/** Normalisation as a block has it. */
export function blockNorm(dim: number, { epsilon = 1e-5 }: BlockOptions): LayerNorm {
  return new LayerNorm(dim, { epsilon });
}
