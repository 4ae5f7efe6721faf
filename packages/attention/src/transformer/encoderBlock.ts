// The encoder's block; causal, it is also the block of decoder-only models.
import type { LayerNorm } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { AttendOptions, MultiHeadAttention } from '../multiHeadAttention.ts';
import { Block, type BlockOptions, type MemoryOptions, blockAttention, blockNorm } from './block.ts';

/** How an encoder block attends. */
export interface EncoderBlockOptions
  extends MemoryOptions, Pick<AttendOptions, 'causal' | 'mask' | 'positions' | 'cache'> {}

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

  /** @param x [batch, steps, dim]; with a cache, the steps after those that it has */
  forward(x: tf.Tensor, { onWeights, ...options }: EncoderBlockOptions = {}): tf.Tensor {
    const attended = this.attended(x, this.norm1, onWeights, (z, returnWeights) =>
      this.self_attn.forward(z, undefined, { ...options, returnWeights }),
    );
    return this.sublayer(attended, this.norm2, (z) => this.feedForward(z));
  }
}
