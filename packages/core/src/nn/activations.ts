// Activations as layers, for `Sequential`.
import * as tf from '@tensorflow/tfjs-core';
import { gelu, silu } from '../ops/activation.ts';
import { Module, type Layer } from './module.ts';

/** max(x, 0). */
export class ReLU extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.relu(x);
  }
}

/** 1 / (1 + e^−x). */
export class Sigmoid extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.sigmoid(x);
  }
}

/** Hyperbolic tangent. */
export class Tanh extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.tanh(x);
  }
}

/** x Φ(x), exact. */
export class GELU extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return gelu(x);
  }
}

/** x σ(x). */
export class SiLU extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return silu(x);
  }
}

/** Softmax over the last axis. */
export class Softmax extends Module implements Layer {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.softmax(x);
  }
}
