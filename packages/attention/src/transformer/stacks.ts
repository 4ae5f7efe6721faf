// Stacks of blocks. State names are those of torch.nn.TransformerEncoder and TransformerDecoder.
import { type LayerNorm, Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type BlockOptions, blockNorm } from './block.ts';
import { DecoderBlock, type DecoderBlockOptions } from './decoderBlock.ts';
import { EncoderBlock, type EncoderBlockOptions } from './encoderBlock.ts';

/** Sizes of a stack. */
export interface StackSizes {
  numLayers: number;
  dim: number;
  numHeads: number;
}

/** Options of a stack. */
export interface StackOptions extends BlockOptions {
  /** A normalisation after the last block; where blocks are pre-norm by default. `torch.nn.Transformer` always has it. */
  finalNorm?: boolean | undefined;
}

/** Encoder blocks one after the other, and a normalisation at the end (see `finalNorm`). */
export class TransformerEncoder extends Module {
  layers: EncoderBlock[];
  norm: LayerNorm | undefined;

  constructor({ numLayers, dim, numHeads }: StackSizes, options: StackOptions) {
    super();
    this.layers = Array.from({ length: numLayers }, () => new EncoderBlock(dim, numHeads, options));
    this.norm = finalNorm(dim, options);
  }

  /** @param x [batch, steps, dim] */
  forward(x: tf.Tensor, options: EncoderBlockOptions = {}): tf.Tensor {
    let y = x;
    for (const block of this.layers) y = block.forward(y, options);
    return this.finish(y);
  }

  /** The normalisation at the end, where there is one. */
  finish(x: tf.Tensor): tf.Tensor {
    return this.norm?.forward(x) ?? x;
  }
}

/** Decoder blocks one after the other, and a normalisation at the end (see `finalNorm`). */
export class TransformerDecoder extends Module {
  layers: DecoderBlock[];
  norm: LayerNorm | undefined;

  constructor({ numLayers, dim, numHeads }: StackSizes, options: StackOptions) {
    super();
    this.layers = Array.from({ length: numLayers }, () => new DecoderBlock(dim, numHeads, options));
    this.norm = finalNorm(dim, options);
  }

  /**
   * @param x [batch, target steps, dim]
   * @param memory [batch, source steps, dim]
   */
  forward(x: tf.Tensor, memory: tf.Tensor, options: DecoderBlockOptions = {}): tf.Tensor {
    let y = x;
    for (const block of this.layers) y = block.forward(y, memory, options);
    return this.finish(y);
  }

  /** The normalisation at the end, where there is one. */
  finish(x: tf.Tensor): tf.Tensor {
    return this.norm?.forward(x) ?? x;
  }
}

function finalNorm(
  dim: number,
  { normFirst = false, finalNorm: wanted = normFirst, ...options }: StackOptions,
) {
  return wanted ? blockNorm(dim, options) : undefined;
}
