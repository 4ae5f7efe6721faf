// Embedding: a trained vector for each id.
import type * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { normal, type Initializer } from '../init/index.ts';
import { embedding } from '../ops/embedding.ts';
import type { Rng } from '../random/index.ts';
import { Module, type Layer } from './module.ts';
import { initialized } from './parameter.ts';

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions {
  /** This id's vector starts at zero and is not trained. */
  paddingIdx?: number;
  /** Multiplies the vectors (√dim in Transformers); 1 by default. */
  scale?: number;
  /** Initial values; standard normal by default, as PyTorch's. */
  initializer?: Initializer;
  /** Draws the initial values. */
  rng: Rng;
}

/** `weight[ids] · scale`: int32 [...] to [..., dim]. */
export class Embedding extends Module implements Layer {
  /** [count, dim]. */
  weight: tf.Variable;
  readonly paddingIdx: number;
  readonly scale: number;

  constructor(count: number, dim: number, options: EmbeddingLayerOptions) {
    super();
    const { paddingIdx = -1, scale = 1, initializer = normal(), rng } = options;
    if (!Number.isInteger(paddingIdx) || paddingIdx < -1 || paddingIdx >= count) {
      throw new ValueError({
        operation: 'Embedding',
        fact: `paddingIdx must be in [0, ${count})`,
        value: paddingIdx,
        advice: 'leave it out for none',
        argument: 'paddingIdx',
      });
    }
    const initial: Initializer = (values, shape, generator) => {
      initializer(values, shape, generator);
      if (paddingIdx >= 0) values.fill(0, paddingIdx * dim, (paddingIdx + 1) * dim);
    };
    this.weight = initialized([count, dim], initial, rng);
    this.paddingIdx = paddingIdx;
    this.scale = scale;
  }

  forward(ids: tf.Tensor): tf.Tensor {
    return embedding(ids, this.weight, { scale: this.scale, paddingIdx: this.paddingIdx });
  }
}
