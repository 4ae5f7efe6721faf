// Embeddings, positions and one stack of blocks: what encoder-only and decoder-only Transformers are made of.
import { type Rng, Embedding, Module, normal } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { PositionModule } from './positionKinds.ts';
import { type TransformerBaseConfig, transformerParts } from './transformerConfig.ts';
import { TransformerEncoder } from './stacks.ts';

/** Sizes and choices of a Transformer of one stack; plain JSON. GELU and trained positions by default. */
export interface SingleStackConfig extends TransformerBaseConfig {
  numLayers: number;
}

/** Base of the Transformers of one stack. */
export abstract class SingleStack extends Module {
  embedding: Embedding;
  readonly position: PositionModule;
  encoder: TransformerEncoder;
  readonly maxLen: number;

  constructor(config: SingleStackConfig, rng: Rng) {
    super();
    const { vocabSize, dim, numHeads, numLayers, positions = 'learned' } = config;
    // Sines and cosines are of size 1, and the embeddings beside them; trained positions are small.
    const [scale, deviation] = positions === 'sinusoidal' ? [Math.sqrt(dim), dim ** -0.5] : [1, 0.02];
    this.embedding = new Embedding(vocabSize, dim, { scale, initializer: normal(0, deviation), rng });
    const parts = transformerParts(config, { activation: 'gelu', positions }, rng);
    this.position = parts.position;
    this.maxLen = parts.maxLen;
    this.encoder = new TransformerEncoder({ numLayers, dim, numHeads }, parts.options);
  }

  /** Vectors [batch, steps, dim] of ids int32 [batch, steps]. */
  protected embed(ids: tf.Tensor): tf.Tensor {
    return this.position.forward(this.embedding.forward(ids));
  }
}
