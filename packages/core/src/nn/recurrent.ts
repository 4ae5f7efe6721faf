// RNN, GRU and LSTM: several layers, both directions, whole sequences. Batch first, PyTorch's state names.
import type { Cell } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '../errors/index.ts';
import { uniform } from '../init/index.ts';
import { checkProbability, checkShape } from '../ops/check.ts';
import { dropout as dropoutOp } from '../ops/dropout.ts';
import { gates, recurrent } from '../ops/recurrent.ts';
import type { Rng } from '../random/index.ts';
import { Module } from './module.ts';
import { initialized } from './parameter.ts';

/** Options of the recurrent layers. */
export interface RecurrentLayerOptions {
  /** Layers on top of each other; 1 by default. */
  numLayers?: number;
  /** Also run backwards and join both outputs; false by default. */
  bidirectional?: boolean;
  /** Dropout between layers in training mode; 0 by default. */
  dropout?: number;
  /** Whether it has biases; true by default. */
  bias?: boolean;
  /** Draws initial values and dropout masks. */
  rng: Rng;
}

/** State and lengths given to `forward`. */
export interface RecurrentState {
  /** [numLayers · directions, batch, hidden]; zeros when left out. */
  h0?: tf.Tensor | undefined;
  /** int32 [batch]: steps at or past it give zeros and leave the state alone. */
  lengths?: tf.Tensor | undefined;
}

/** What `forward` returns. */
export interface RecurrentOutput {
  /** [batch, steps, directions · hidden]. */
  output: tf.Tensor;
  /** [numLayers · directions, batch, hidden]. */
  hN: tf.Tensor;
}

interface Weights {
  suffix: string;
  weightIh: tf.Variable;
  weightHh: tf.Variable;
  biasIh: tf.Variable | undefined;
  biasHh: tf.Variable | undefined;
}

/** What the three layers share. */
abstract class RecurrentBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
  readonly rng: Rng;
  readonly #cell: Cell;
  readonly #weights: Weights[] = [];

  constructor(cell: Cell, inputSize: number, hiddenSize: number, options: RecurrentLayerOptions) {
    super();
    const { numLayers = 1, bidirectional = false, dropout = 0, bias = true, rng } = options;
    checkProbability(this.constructor.name, dropout, 'dropout');
    for (const [argument, value] of Object.entries({ inputSize, hiddenSize, numLayers })) {
      if (Number.isInteger(value) && value > 0) continue;
      throw new ValueError({
        operation: this.constructor.name,
        fact: `${argument} must be a positive integer`,
        value,
        advice: 'use at least 1',
        argument,
      });
    }
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bidirectional = bidirectional;
    this.dropout = dropout;
    this.rng = rng;
    this.#cell = cell;
    const bound = 1 / Math.sqrt(hiddenSize);
    const draw = (...shape: number[]) => initialized(shape, uniform(-bound, bound), rng);
    const wide = gates[cell] * hiddenSize;
    for (let layer = 0; layer < numLayers; layer++) {
      for (const direction of bidirectional ? ['', '_reverse'] : ['']) {
        const size = layer === 0 ? inputSize : hiddenSize * (bidirectional ? 2 : 1);
        this.#weights.push({
          suffix: `_l${layer}${direction}`,
          weightIh: draw(wide, size),
          weightHh: draw(wide, hiddenSize),
          biasIh: bias ? draw(wide) : undefined,
          biasHh: bias ? draw(wide) : undefined,
        });
      }
    }
  }

  /** PyTorch's names: `weight_ih_l0`, `bias_hh_l1_reverse`, … */
  protected override *entries(): Iterable<[string, unknown]> {
    for (const { suffix, weightIh, weightHh, biasIh, biasHh } of this.#weights) {
      yield [`weight_ih${suffix}`, weightIh];
      yield [`weight_hh${suffix}`, weightHh];
      yield [`bias_ih${suffix}`, biasIh];
      yield [`bias_hh${suffix}`, biasHh];
    }
    yield ['rng', this.rng];
  }

  protected run(
    x: tf.Tensor,
    { h0, c0, lengths }: RecurrentState & { c0?: tf.Tensor | undefined },
  ): RecurrentOutput & { cN?: tf.Tensor } {
    const name = `${this.constructor.name}.forward`;
    if (x.rank !== 3 || x.shape[2] !== this.inputSize) {
      throw new ShapeError({
        operation: name,
        fact: `x must be [batch, steps, ${this.inputSize}]`,
        value: x.shape,
        advice: x.rank === 2 ? 'add a batch axis' : 'check inputSize',
        argument: 'x',
      });
    }
    const batch = x.shape[0] as number;
    const directions = this.bidirectional ? 2 : 1;
    const stateShape = [this.numLayers * directions, batch, this.hiddenSize];
    if (h0 !== undefined)
      checkShape(name, 'h0', h0, stateShape, 'it has a first axis for layers and directions');
    if (c0 !== undefined)
      checkShape(name, 'c0', c0, stateShape, 'it has a first axis for layers and directions');
    const result = tf.tidy(() => {
      let input = x;
      const last: { h: tf.Tensor[]; c: tf.Tensor[] } = { h: [], c: [] };
      for (let layer = 0; layer < this.numLayers; layer++) {
        if (layer > 0 && this.training && this.dropout > 0)
          input = dropoutOp(input, this.dropout, this.rng.seedPair());
        const outputs: tf.Tensor[] = [];
        for (let direction = 0; direction < directions; direction++) {
          const k = layer * directions + direction;
          const { suffix: _, ...weights } = this.#weights[k] as Weights;
          const states = { h0: stateAt(h0, k), c0: stateAt(c0, k) };
          const { output, hN, cN } = recurrent(
            { x: input, ...weights, ...states, lengths },
            { cell: this.#cell, reverse: direction === 1 },
          );
          outputs.push(output);
          last.h.push(hN);
          if (cN !== undefined) last.c.push(cN);
        }
        input = outputs.length === 1 ? (outputs[0] as tf.Tensor) : tf.concat(outputs, -1);
      }
      return [input, stackStates(last.h), ...(last.c.length > 0 ? [stackStates(last.c)] : [])];
    }) as [tf.Tensor, tf.Tensor, tf.Tensor?];
    const [output, hN, cN] = result;
    return cN === undefined ? { output, hN } : { output, hN, cN };
  }
}

/** State of one layer and direction: [batch, hidden]. */
function stateAt(states: tf.Tensor | undefined, k: number): tf.Tensor | undefined {
  if (states === undefined) return undefined;
  const [count, batch, size] = states.shape as [number, number, number];
  if (count === 1) return tf.reshape(states, [batch, size]);
  return tf.reshape(tf.slice(states, [k, 0, 0], [1, batch, size]), [batch, size]);
}

/** [batch, hidden] of each layer and direction to [layers · directions, batch, hidden]. */
function stackStates(states: tf.Tensor[]): tf.Tensor {
  const only = states[0] as tf.Tensor;
  return states.length === 1 ? tf.reshape(only, [1, ...only.shape]) : tf.stack(states);
}

/** Options of `RNN`. */
export interface RnnOptions extends RecurrentLayerOptions {
  /** 'tanh' by default. */
  nonlinearity?: 'tanh' | 'relu';
}

/** Elman network: `h = tanh(W_ih x + b_ih + W_hh h + b_hh)`. Book: rnn-concise. */
export class RNN extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RnnOptions) {
    super(options.nonlinearity === 'relu' ? 'rnnRelu' : 'rnnTanh', inputSize, hiddenSize, options);
  }

  /** @param x [batch, steps, input]. */
  forward(x: tf.Tensor, state: RecurrentState = {}): RecurrentOutput {
    return this.run(x, state);
  }
}

/** Gated recurrent unit. Cho et al., 2014; book: gru. */
export class GRU extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentLayerOptions) {
    super('gru', inputSize, hiddenSize, options);
  }

  /** @param x [batch, steps, input]. */
  forward(x: tf.Tensor, state: RecurrentState = {}): RecurrentOutput {
    return this.run(x, state);
  }
}

/** Long short-term memory. Hochreiter and Schmidhuber, 1997; book: lstm. */
export class LSTM extends RecurrentBase {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentLayerOptions) {
    super('lstm', inputSize, hiddenSize, options);
  }

  /** @param x [batch, steps, input]. `c0` has the shape of `h0`. */
  forward(
    x: tf.Tensor,
    state: RecurrentState & { c0?: tf.Tensor | undefined } = {},
  ): RecurrentOutput & { cN: tf.Tensor } {
    return this.run(x, state) as RecurrentOutput & { cN: tf.Tensor };
  }
}
