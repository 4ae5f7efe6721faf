// LayerNorm and batch normalisation as layers.
import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/index.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import { Module, type Layer } from './module.ts';
import { buffer, parameter } from './parameter.ts';

/** Options of `LayerNorm`. */
export interface LayerNormLayerOptions {
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Whether it has a bias; true by default. */
  bias?: boolean;
}

/** Normalises the last axis (of size n), then scales and shifts it. Ba et al., 2016. */
export class LayerNorm extends Module implements Layer {
  /** [n]. */
  weight: tf.Variable;
  /** [n]. */
  bias: tf.Variable | undefined;
  readonly epsilon: number;

  constructor(n: number, { epsilon = 1e-5, bias = true }: LayerNormLayerOptions = {}) {
    super();
    this.weight = parameter(tf.ones([n]));
    this.bias = bias ? parameter(tf.zeros([n])) : undefined;
    this.epsilon = epsilon;
  }

  /** @param residual Added to x before the normalisation (the sum of a post-norm Transformer block). */
  forward(x: tf.Tensor, residual?: tf.Tensor): tf.Tensor {
    return layerNorm(x, { weight: this.weight, bias: this.bias, residual, epsilon: this.epsilon });
  }
}

/** Options of `BatchNorm1d` and `BatchNorm2d`. */
export interface BatchNormLayerOptions {
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Share of the batch's statistics in the running ones; 0.1 by default. */
  momentum?: number;
}

/** What both batch normalisations share; state names are PyTorch's. */
abstract class BatchNormBase extends Module implements Layer {
  /** [channels]. */
  weight: tf.Variable;
  /** [channels]. */
  bias: tf.Variable;
  /** [channels]. */
  running_mean: tf.Variable;
  /** [channels]; unbiased. */
  running_var: tf.Variable;
  /** int32 scalar. */
  num_batches_tracked: tf.Variable;
  readonly epsilon: number;
  readonly momentum: number;
  protected abstract readonly ranks: readonly number[];

  constructor(channels: number, { epsilon = 1e-5, momentum = 0.1 }: BatchNormLayerOptions = {}) {
    super();
    this.weight = parameter(tf.ones([channels]));
    this.bias = parameter(tf.zeros([channels]));
    this.running_mean = buffer(tf.zeros([channels]));
    this.running_var = buffer(tf.ones([channels]));
    this.num_batches_tracked = buffer(tf.scalar(0, 'int32'));
    this.epsilon = epsilon;
    this.momentum = momentum;
  }

  forward(x: tf.Tensor): tf.Tensor {
    if (!this.ranks.includes(x.rank)) {
      throw new ShapeError({
        operation: `${this.constructor.name}.forward`,
        fact: `x must have ${this.ranks.join(' or ')} axes`,
        value: x.shape,
        advice: 'add or merge axes',
        argument: 'x',
      });
    }
    const { weight, bias, running_mean: mean, running_var: variance, epsilon, training } = this;
    const { output, batchMean, batchVariance } = batchNorm(x, {
      weight,
      bias,
      mean,
      variance,
      epsilon,
      training,
    });
    if (batchMean !== undefined && batchVariance !== undefined) {
      this.track(batchMean, batchVariance, x.size / Math.max(mean.size, 1));
      tf.dispose([batchMean, batchVariance]);
    }
    return output;
  }

  private track(mean: tf.Tensor, variance: tf.Tensor, count: number): void {
    const { momentum } = this;
    tf.tidy(() => {
      const blend = (running: tf.Variable, batch: tf.Tensor, scale: number) =>
        running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum * scale)));
      blend(this.running_mean, mean, 1);
      blend(this.running_var, variance, count / Math.max(count - 1, 1));
      this.num_batches_tracked.assign(tf.add(this.num_batches_tracked, tf.scalar(1, 'int32')));
    });
  }
}

/** Batch normalisation of [batch, channels] or [batch, channels, steps]. Ioffe and Szegedy, 2015; book: batch-norm. */
export class BatchNorm1d extends BatchNormBase {
  protected readonly ranks = [2, 3];
}

/** Batch normalisation of [batch, channels, height, width]. Ioffe and Szegedy, 2015; book: batch-norm. */
export class BatchNorm2d extends BatchNormBase {
  protected readonly ranks = [4];
}
