// The position-wise feed-forward network, also with a gate.
import {
  type Activation,
  type Layer,
  type Rng,
  Linear,
  Module,
  constant,
  initialize,
  xavierUniform,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** An elementwise activation of the hidden layer, or SwiGLU: `silu(W₁x) ⊙ W₃x` (https://arxiv.org/abs/2002.05202). */
export type FeedForwardActivation = Activation | 'swiglu';

/** The activation of the first linear map. */
export function firstActivation(activation: FeedForwardActivation): Activation {
  return activation === 'swiglu' ? 'silu' : activation;
}

/** Xavier weights, biases at 0. */
export function initializeLinear({ weight, bias }: Linear, rng: Rng): void {
  initialize(weight, xavierUniform(), rng);
  if (bias) initialize(bias, constant(0), rng);
}

/**
 * Two linear maps with an activation between them, the same at every step. https://arxiv.org/abs/1706.03762, section
 * 3.3; the book's `PositionWiseFFN` (section 10.7), whose state names these are. `gate` exists for SwiGLU only.
 *
 * @example
 * const ffn = new PositionWiseFFN({ size: 4, ffnDim: 16, outputs: 8 }, { rng: new Rng(1) });
 */
export class PositionWiseFFN extends Module implements Layer {
  dense1: Linear;
  dense2: Linear;
  gate: Linear | undefined;

  constructor(
    { size, ffnDim, outputs = size }: { size: number; ffnDim: number; outputs?: number },
    { activation = 'relu', rng }: { activation?: FeedForwardActivation; rng: Rng },
  ) {
    super();
    this.dense1 = new Linear(size, ffnDim, { activation: firstActivation(activation), rng });
    this.dense2 = new Linear(ffnDim, outputs, { rng });
    this.gate = activation === 'swiglu' ? new Linear(size, ffnDim, { rng }) : undefined;
    for (const layer of [this.dense1, this.dense2, this.gate])
      if (layer !== undefined) initializeLinear(layer, rng);
  }

  /** @param x [..., size] */
  forward(x: tf.Tensor): tf.Tensor {
    return this.dense2.forward(hiddenLayer(x, this.dense1, this.gate));
  }
}

/** `activation(W₁x)`, times `W₃x` where there is a gate. */
export function hiddenLayer(x: tf.Tensor, first: Linear, gate: Linear | undefined): tf.Tensor {
  const hidden = first.forward(x);
  return gate === undefined ? hidden : tf.mul(hidden, gate.forward(x));
}
