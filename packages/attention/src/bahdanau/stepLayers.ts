// Runs the layers of a GRU or LSTM one step at a time, each layer's state apart: what a decoder with attention needs.
import { type GRU, type LSTM, dropout, recurrent } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** A state for each layer; `c` for LSTM only. */
export interface LayerStates {
  /** [rows, hidden] each. */
  h: tf.Tensor[];
  c?: tf.Tensor[];
}

interface LayerWeights {
  weightIh: tf.Tensor;
  weightHh: tf.Tensor;
  biasIh: tf.Tensor;
  biasHh: tf.Tensor;
}

/** Steps through a one-directional recurrent module with its own weights. */
export class StepLayers {
  readonly #layers: LayerWeights[];

  constructor(
    private readonly rnn: GRU | LSTM,
    private readonly cell: 'gru' | 'lstm',
  ) {
    const state = rnn.stateDict();
    this.#layers = Array.from({ length: rnn.numLayers }, (_, layer) => ({
      weightIh: state[`weight_ih_l${layer}`]!,
      weightHh: state[`weight_hh_l${layer}`]!,
      biasIh: state[`bias_ih_l${layer}`]!,
      biasHh: state[`bias_hh_l${layer}`]!,
    }));
  }

  /**
   * @param x [rows, 1, input]
   * @returns the top layer's output [rows, 1, hidden] and the new states
   */
  step(x: tf.Tensor, { h, c }: LayerStates): { output: tf.Tensor; states: LayerStates } {
    const { rnn, cell } = this;
    const next: { h: tf.Tensor[]; c: tf.Tensor[] } = { h: [], c: [] };
    let input = x;
    this.#layers.forEach((weights, layer) => {
      if (layer > 0 && rnn.training && rnn.dropout > 0)
        input = dropout(input, rnn.dropout, rnn.rng.seedPair());
      const { output, hN, cN } = recurrent({ x: input, ...weights, h0: h[layer], c0: c?.[layer] }, { cell });
      input = output;
      next.h.push(hN);
      if (cN !== undefined) next.c.push(cN);
    });
    return { output: input, states: cell === 'lstm' ? next : { h: next.h } };
  }
}
