// An encoder-only Transformer: token ids to vectors that know their neighbours on both sides.
import type { Rng } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { MemoryOptions } from './block.ts';
import { SingleStack, type SingleStackConfig } from './singleStack.ts';

/**
 * Token ids to hidden vectors, each of which sees the whole sequence (the book's `TransformerEncoder`, section 10.7, is
 * this with sinusoidal positions and post-norm blocks).
 *
 * @example
 * const config = { vocabSize: 200, dim: 24, numHeads: 8, ffnDim: 48, numLayers: 2 };
 * const hidden = new EncoderOnlyTransformer(config, { rng: new Rng(1) }).forward(ids, { validLens });
 */
export class EncoderOnlyTransformer extends SingleStack {
  readonly config: SingleStackConfig;

  constructor(config: SingleStackConfig, { rng }: { rng: Rng }) {
    super(config, rng);
    this.config = { ...config };
  }

  /**
   * @param ids int32 [batch, steps]
   * @returns [batch, steps, dim]
   */
  forward(ids: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    return this.encoder.forward(this.embed(ids), options);
  }
}
