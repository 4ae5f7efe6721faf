// RNNCell, GRUCell and LSTMCell: one step at a time.
import type { Cell } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../init/index.ts';
import { checkShape } from '../ops/check.ts';
import { gates, recurrent } from '../ops/recurrent.ts';
import type { Rng } from '../random/index.ts';
import { Module } from './module.ts';
import { initialized } from './parameter.ts';

/** Options of the cells. */
export interface CellOptions {
  /** Whether it has biases; true by default. */
  bias?: boolean;
  /** Draws the initial values. */
  rng: Rng;
}

/** What the cells share; state names are PyTorch's. */
abstract class CellBase extends Module {
  weight_ih: tf.Variable;
  weight_hh: tf.Variable;
  bias_ih: tf.Variable | undefined;
  bias_hh: tf.Variable | undefined;
  readonly #cell: Cell;

  constructor(cell: Cell, inputSize: number, hiddenSize: number, { bias = true, rng }: CellOptions) {
    super();
    this.#cell = cell;
    const bound = 1 / Math.sqrt(hiddenSize);
    const draw = (...shape: number[]) => initialized(shape, uniform(-bound, bound), rng);
    const wide = gates[cell] * hiddenSize;
    this.weight_ih = draw(wide, inputSize);
    this.weight_hh = draw(wide, hiddenSize);
    this.bias_ih = bias ? draw(wide) : undefined;
    this.bias_hh = bias ? draw(wide) : undefined;
  }

  protected step(x: tf.Tensor, h?: tf.Tensor, c?: tf.Tensor): { h: tf.Tensor; c?: tf.Tensor } {
    checkShape(`${this.constructor.name}.forward`, 'x', x, ['batch', this.weight_ih.shape[1] as number]);
    return tf.tidy(() => {
      const sequence = tf.reshape(x, [x.shape[0] as number, 1, x.shape[1] as number]); // [batch, 1, input]
      const { weight_ih: weightIh, weight_hh: weightHh, bias_ih: biasIh, bias_hh: biasHh } = this;
      const { hN, cN } = recurrent(
        { x: sequence, weightIh, weightHh, biasIh, biasHh, h0: h, c0: c },
        { cell: this.#cell },
      );
      return cN === undefined ? { h: hN } : { h: hN, c: cN };
    });
  }
}

/** One step of an Elman network: x [batch, input] and h [batch, hidden] to the new h. */
export class RNNCell extends CellBase {
  constructor(
    inputSize: number,
    hiddenSize: number,
    options: CellOptions & { nonlinearity?: 'tanh' | 'relu' },
  ) {
    super(options.nonlinearity === 'relu' ? 'rnnRelu' : 'rnnTanh', inputSize, hiddenSize, options);
  }

  forward(x: tf.Tensor, h?: tf.Tensor): tf.Tensor {
    return this.step(x, h).h;
  }
}

/** One step of a gated recurrent unit: x [batch, input] and h [batch, hidden] to the new h. */
export class GRUCell extends CellBase {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    super('gru', inputSize, hiddenSize, options);
  }

  forward(x: tf.Tensor, h?: tf.Tensor): tf.Tensor {
    return this.step(x, h).h;
  }
}

/** One step of long short-term memory: x [batch, input], h and c [batch, hidden] to the new h and c. */
export class LSTMCell extends CellBase {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions) {
    super('lstm', inputSize, hiddenSize, options);
  }

  forward(x: tf.Tensor, state: { h?: tf.Tensor; c?: tf.Tensor } = {}): { h: tf.Tensor; c: tf.Tensor } {
    return this.step(x, state.h, state.c) as { h: tf.Tensor; c: tf.Tensor };
  }
}
