// The decoder's block: it looks back at the target so far, and over to the source.
import type { LayerNorm } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { MultiHeadAttention } from '../multiHeadAttention.ts';
import { Block, type BlockOptions, type MemoryOptions, blockAttention, blockNorm } from './block.ts';

/** What a decoder block may hand out beside its output. */
export interface DecoderBlockOptions extends MemoryOptions {
  /** Receives the self-attention weights `[batch, heads, target steps, target steps]`. */
  onSelfWeights?: ((weights: tf.Tensor) => void) | undefined;
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
   * @param x [batch, target steps, dim]
   * @param memory the encoder's output, [batch, source steps, dim]
   */
  forward(x: tf.Tensor, memory: tf.Tensor, options: DecoderBlockOptions = {}): tf.Tensor {
    const { validLens, onWeights, onSelfWeights } = options;
    const own = this.sublayer(x, this.norm1, (z) => {
      const causal = { causal: true, returnWeights: onSelfWeights !== undefined };
      const { output, weights } = this.self_attn.forward(z, undefined, causal);
      if (weights !== undefined) onSelfWeights?.(weights);
      return output;
    });
    const crossed = this.sublayer(own, this.norm2, (z) => {
      const wanted = { validLens, returnWeights: onWeights !== undefined };
      const { output, weights } = this.multihead_attn.forward(z, memory, wanted);
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return this.sublayer(crossed, this.norm3, (z) => this.feedForward(z));
  }

  /**
   * The next target steps with a key-value cache.
   *
   * @param x [rows, steps, dim]
   * @returns the output, and keys and values with these steps' added; the caller disposes what it replaces
   */
  step(
    x: tf.Tensor,
    cache: BlockCache,
    { validLens, onWeights, onSelfWeights }: DecoderBlockOptions = {},
  ): [tf.Tensor, tf.Tensor] {
    let { past } = cache;
    const own = this.sublayer(x, this.norm1, (z) => {
      const wanted = { returnWeights: onSelfWeights !== undefined };
      const { output, weights, keysValues } = this.self_attn.extend(z, cache.past, wanted);
      if (weights !== undefined) onSelfWeights?.(weights);
      past = keysValues;
      return output;
    });
    const crossed = this.sublayer(own, this.norm2, (z) => {
      const query = this.multihead_attn.projectWith(z, cache.query);
      const wanted = { validLens, returnWeights: onWeights !== undefined };
      const { output, weights } = this.multihead_attn.finish({ query, key: cache.memory }, wanted);
      if (weights !== undefined) onWeights?.(weights);
      return output;
    });
    return [this.sublayer(crossed, this.norm3, (z) => this.feedForward(z)), past as tf.Tensor];
  }
}
