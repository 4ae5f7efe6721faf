// The decoder's block: it looks back at the target so far, and over to the source.
import type { LayerNorm } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { KeyValueCache } from '../keyValueCache.ts';
import type { MultiHeadAttention, PreparedMemory } from '../multiHeadAttention.ts';
import { Block, type BlockOptions, type MemoryOptions, blockAttention, blockNorm } from './block.ts';

/** How a decoder block attends, and what it may hand out beside its output. */
export interface DecoderBlockOptions extends MemoryOptions {
  /** Receives the self-attention weights `[batch, heads, target steps, target steps]`. */
  onSelfWeights?: ((weights: tf.Tensor) => void) | undefined;
  /** The target steps before these, which these are added to. */
  cache?: KeyValueCache | undefined;
}

/**
 * Causal self-attention, attention to the source, a feed-forward network (the book's section 10.7). State names are
 * those of `torch.nn.TransformerDecoderLayer`.
 */
export class DecoderBlock extends Block {
  self_attn: MultiHeadAttention;
  multihead_attn: MultiHeadAttention;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;

  constructor(dim: number, numHeads: number, options: BlockOptions) {
    super(dim, options);
    this.self_attn = blockAttention(dim, numHeads, options, options.rotary);
    this.multihead_attn = blockAttention(dim, numHeads, options);
    this.norm1 = blockNorm(dim, options);
    this.norm2 = blockNorm(dim, options);
    this.norm3 = blockNorm(dim, options);
  }

  /**
   * @param x [batch, target steps, dim]; with a cache, the steps after those that it has
   * @param memory the encoder's output, [batch, source steps, dim], or what `multihead_attn.prepare` made of it
   */
  forward(
    x: tf.Tensor,
    memory: tf.Tensor | PreparedMemory,
    { validLens, onWeights, onSelfWeights, cache }: DecoderBlockOptions = {},
  ): tf.Tensor {
    const own = this.attended(x, this.norm1, onSelfWeights, (z, returnWeights) =>
      this.self_attn.forward(z, undefined, { causal: true, returnWeights, cache }),
    );
    const crossed = this.attended(own, this.norm2, onWeights, (z, returnWeights) =>
      this.multihead_attn.forward(z, memory, { validLens, returnWeights }),
    );
    return this.sublayer(crossed, this.norm3, (z) => this.feedForward(z));
  }
}
