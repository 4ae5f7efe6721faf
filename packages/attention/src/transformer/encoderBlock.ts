// The encoder's block; causal, it is also the block of decoder-only models.
import type { LayerNorm } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { AttendOptions, MultiHeadAttention } from '../multiHeadAttention.ts';
import type { Positions } from '../positions/index.ts';
import { Block, type BlockOptions, type MemoryOptions, blockAttention, blockNorm } from './block.ts';

/** How an encoder block attends. */
export interface EncoderBlockOptions extends MemoryOptions {
  /** Steps see no later steps; false by default. */
  causal?: boolean;
  /** float32 [batch | 1, heads | 1, queries | 1, keys], added to the scores. */
  mask?: tf.Tensor | undefined;
  /** Where the steps stand, for rotary positions. */
  positions?: Positions;
}

/**
 * Self-attention and a feed-forward network, each with a sum and a normalisation (the book's section 10.7). State names
 * are those of `torch.nn.TransformerEncoderLayer`.
 */
export class EncoderBlock extends Block {
  self_attn: MultiHeadAttention;
  norm1: LayerNorm;
  norm2: LayerNorm;

  constructor(dim: number, numHeads: number, options: BlockOptions) {
    super(dim, options);
    this.self_attn = blockAttention(dim, numHeads, options, options.rotary);
    this.norm1 = blockNorm(dim, options);
    this.norm2 = blockNorm(dim, options);
  }

  /** @param x [batch, steps, dim] */
  forward(x: tf.Tensor, { onWeights, ...options }: EncoderBlockOptions = {}): tf.Tensor {
    const attended = this.sublayer(x, this.norm1, (z) => {
      const returnWeights = onWeights !== undefined;
      const { output, weights } = this.self_attn.forward(z, undefined, { ...options, returnWeights });
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return this.sublayer(attended, this.norm2, (z) => this.feedForward(z));
  }

  /**
   * The next steps of a causal sequence.
   *
   * @param x [rows, steps, dim]
   * @param past keys and values of the steps before, [rows, steps before, 2·dim]
   * @returns the output, and keys and values of all steps; the caller disposes what it replaces
   */
  extend(
    x: tf.Tensor,
    past: tf.Tensor | undefined,
    { onWeights, ...options }: EncoderBlockOptions = {},
  ): [output: tf.Tensor, keysValues: tf.Tensor] {
    let kept = past;
    const attended = this.sublayer(x, this.norm1, (z) => {
      const wanted: AttendOptions = { ...options, returnWeights: onWeights !== undefined };
      const { output, weights, keysValues } = this.self_attn.extend(z, past, wanted);
      if (weights !== undefined) onWeights?.(weights);
      kept = keysValues;
      return output;
    });
    return [this.sublayer(attended, this.norm2, (z) => this.feedForward(z)), kept as tf.Tensor];
  }
}
