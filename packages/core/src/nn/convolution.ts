// Convolution and pooling layers in PyTorch's layout. Book: convolutional-neural-networks.
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../init/index.ts';
import { checkShape, pair } from '../ops/check.ts';
import { conv2d } from '../ops/conv2d.ts';
import { pool2d } from '../ops/pool2d.ts';
import type { Rng } from '../random/index.ts';
import { Module, type Layer } from './module.ts';
import { initialized } from './parameter.ts';

type Size = number | [number, number];

/** Options of `Conv2d`. */
export interface Conv2dLayerOptions {
  /** 1 by default. */
  stride?: Size;
  /** 0 by default. */
  padding?: Size;
  /** 1 by default. */
  dilation?: Size;
  /** 1 by default. */
  groups?: number;
  /** Whether it has a bias; true by default. */
  bias?: boolean;
  /** Draws the initial values. */
  rng: Rng;
}

/** Cross-correlation: [batch, in, height, width] to [batch, out, height', width']. Initial values are PyTorch's. */
export class Conv2d extends Module implements Layer {
  /** [out, in / groups, kh, kw]. */
  weight: tf.Variable;
  /** [out]. */
  bias: tf.Variable | undefined;
  readonly options: { stride: Size; padding: Size; dilation: Size; groups: number };

  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: Conv2dLayerOptions) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, rng } = options;
    const shape = [outChannels, Math.floor(inChannels / groups), ...pair(kernelSize)];
    const bound = 1 / Math.sqrt(Math.max(1, tf.util.sizeFromShape(shape.slice(1))));
    this.weight = initialized(shape, uniform(-bound, bound), rng);
    this.bias = bias ? initialized([outChannels], uniform(-bound, bound), rng) : undefined;
    this.options = { stride, padding, dilation, groups };
  }

  forward(x: tf.Tensor): tf.Tensor {
    return conv2d(x, this.weight, { bias: this.bias, ...this.options });
  }
}

/** Options of `Conv1d`. */
export interface Conv1dLayerOptions extends Omit<Conv2dLayerOptions, 'stride' | 'padding' | 'dilation'> {
  /** 1 by default. */
  stride?: number;
  /** 0 by default. */
  padding?: number;
  /** 1 by default. */
  dilation?: number;
}

/** Cross-correlation along one axis: [batch, in, steps] to [batch, out, steps']. Initial values are PyTorch's. */
export class Conv1d extends Module implements Layer {
  /** [out, in / groups, width]. */
  weight: tf.Variable;
  /** [out]. */
  bias: tf.Variable | undefined;
  readonly options: {
    stride: [number, number];
    padding: [number, number];
    dilation: [number, number];
    groups: number;
  };

  constructor(inChannels: number, outChannels: number, width: number, options: Conv1dLayerOptions) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, rng } = options;
    const shape = [outChannels, Math.floor(inChannels / groups), width];
    const bound = 1 / Math.sqrt(Math.max(1, tf.util.sizeFromShape(shape.slice(1))));
    this.weight = initialized(shape, uniform(-bound, bound), rng);
    this.bias = bias ? initialized([outChannels], uniform(-bound, bound), rng) : undefined;
    this.options = { stride: [1, stride], padding: [0, padding], dilation: [1, dilation], groups };
  }

  forward(x: tf.Tensor): tf.Tensor {
    checkShape('Conv1d.forward', 'x', x, ['batch', 'channels', 'steps'], 'add the batch or channel axis');
    return tf.tidy(() => {
      const image = tf.expandDims(x, 2); // [batch, in, 1, steps]
      const y = conv2d(image, tf.expandDims(this.weight, 2), { bias: this.bias, ...this.options });
      return tf.squeeze(y, [2]);
    });
  }
}

/** Options of the pooling layers. */
export interface PoolLayerOptions {
  /** The window's size by default. */
  stride?: Size;
  /** 0 by default. */
  padding?: Size;
}

/** Maximum over windows. */
export class MaxPool2d extends Module implements Layer {
  constructor(
    readonly kernelSize: Size,
    readonly options: PoolLayerOptions = {},
  ) {
    super();
  }

  forward(x: tf.Tensor): tf.Tensor {
    return pool2d('max', x, this.kernelSize, this.options);
  }
}

/** Mean over windows; padding counts as zeros. */
export class AvgPool2d extends Module implements Layer {
  constructor(
    readonly kernelSize: Size,
    readonly options: PoolLayerOptions = {},
  ) {
    super();
  }

  forward(x: tf.Tensor): tf.Tensor {
    return pool2d('avg', x, this.kernelSize, this.options);
  }
}

/** Mean over all positions: [batch, channels, height, width] to [batch, channels, 1, 1]. */
export class GlobalAvgPool2d extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.mean(x, [2, 3], true);
  }
}

/** [batch, ...] to [batch, everything else]. */
export class Flatten extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.reshape(x, [x.shape[0] as number, -1]);
  }
}
