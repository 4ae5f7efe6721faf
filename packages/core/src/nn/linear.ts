// Linear: an affine map of the last axis.
import type { Activation } from '@d2lts/backend';
import type * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../init/index.ts';
import { linear } from '../ops/linear.ts';
import type { Rng } from '../random/index.ts';
import { Module, type Layer } from './module.ts';
import { initialized } from './parameter.ts';

/** Options of `Linear`. */
export interface LinearLayerOptions {
  /** Whether it has a bias; true by default. */
  bias?: boolean;
  /** Fused activation of the result; 'linear' (none) by default. */
  activation?: Activation;
  /** Draws the initial values. */
  rng: Rng;
}

/** `activation(x weightᵀ + bias)`: [..., in] to [..., out]. Initial values are PyTorch's, uniform in ±1/√in. */
export class Linear extends Module implements Layer {
  /** [out, in]. */
  weight: tf.Variable;
  /** [out]. */
  bias: tf.Variable | undefined;
  readonly activation: Activation;

  constructor(
    inFeatures: number,
    outFeatures: number,
    { bias = true, activation = 'linear', rng }: LinearLayerOptions,
  ) {
    super();
    const bound = inFeatures > 0 ? 1 / Math.sqrt(inFeatures) : 0;
    this.weight = initialized([outFeatures, inFeatures], uniform(-bound, bound), rng);
    this.bias = bias ? initialized([outFeatures], uniform(-bound, bound), rng) : undefined;
    this.activation = activation;
  }

  forward(x: tf.Tensor): tf.Tensor {
    return linear(x, this.weight, { bias: this.bias, activation: this.activation });
  }
}
