// The encoder that attention looks back at: every step's output, and states for the decoder to start from.
import { Embedding, GRU, LSTM, Linear, type Rng } from '@d2lts/core';
import { Encoder } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerStates } from './stepLayers.ts';

/** Options of `AttentionEncoder`. */
export interface AttentionEncoderOptions {
  /** 'gru' by default. */
  cell?: 'gru' | 'lstm';
  /** Also read the source backwards; false by default. */
  bidirectional?: boolean;
  numLayers: number;
  /** Between the recurrent layers; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** What the encoder gives. */
export interface Encoded {
  /** [batch, steps, hidden], or 2 · hidden in two directions; zeros on padding. */
  output: tf.Tensor;
  /** Of each layer, after the last step that is no padding. */
  states: LayerStates;
}

/**
 * Embedding and recurrent layers over the source. State names are those of the book's `Seq2SeqEncoder`. In two
 * directions, `bridge` maps both last states of a layer to the one that the decoder's layer starts from:
 * `tanh(W [forward; backward] + b)`, one map for all layers.
 */
export class AttentionEncoder extends Encoder<Encoded> {
  embedding: Embedding;
  rnn: GRU | LSTM;
  bridge: Linear | undefined;

  constructor(vocabSize: number, embedSize: number, hiddenSize: number, options: AttentionEncoderOptions) {
    super();
    const { cell = 'gru', bidirectional = false, numLayers, dropout = 0, rng } = options;
    this.embedding = new Embedding(vocabSize, embedSize, { rng });
    this.rnn = new { gru: GRU, lstm: LSTM }[cell](embedSize, hiddenSize, {
      numLayers,
      bidirectional,
      dropout,
      rng,
    });
    this.bridge = bidirectional
      ? new Linear(2 * hiddenSize, hiddenSize, { activation: 'tanh', rng })
      : undefined;
  }

  /** Width of `output`. */
  get outputSize(): number {
    return this.rnn.hiddenSize * (this.rnn.bidirectional ? 2 : 1);
  }

  /**
   * @param source int32 [batch, steps]
   * @param lengths int32 [batch]: steps at or past it are padding
   */
  forward(source: tf.Tensor, lengths?: tf.Tensor): Encoded {
    const x = this.embedding.forward(source); // [batch, steps, embed]
    if (this.rnn instanceof LSTM) {
      const { output, hN, cN } = this.rnn.forward(x, { lengths });
      return { output, states: { h: this.layerStates(hN), c: this.layerStates(cN) } };
    }
    const { output, hN } = this.rnn.forward(x, { lengths });
    return { output, states: { h: this.layerStates(hN) } };
  }

  /** [layers · directions, batch, hidden] to one [batch, hidden] a layer. */
  private layerStates(states: tf.Tensor): tf.Tensor[] {
    const all = tf.unstack(states);
    const { bridge } = this;
    if (bridge === undefined) return all;
    return Array.from({ length: all.length / 2 }, (_, layer) =>
      bridge.forward(tf.concat([all[2 * layer]!, all[2 * layer + 1]!], 1)),
    );
  }
}
