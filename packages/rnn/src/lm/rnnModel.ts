// A recurrent language model: one-hot or embedded tokens, a recurrent layer, a linear map (sections 8.5 and 8.6).
import { Embedding, GRU, LSTM, Linear, Module, RNN, type Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `RNNModel`. */
export interface RNNModelOptions {
  cell?: 'rnn' | 'gru' | 'lstm';
  /** Layers on top of each other; 1 by default. */
  numLayers?: number;
  /** Width of an embedding; by default tokens are one-hot, as in the book. */
  embedSize?: number;
  /** Dropout between layers; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** States [layers, batch, hidden]; `c` for LSTM only. */
export interface RNNModelState {
  h: tf.Tensor;
  c?: tf.Tensor;
}

/** The book's `RNNModel` over any cell. */
export class RNNModel extends Module {
  embedding: Embedding | undefined;
  rnn: RNN | GRU | LSTM;
  linear: Linear;
  readonly vocabSize: number;

  constructor(vocabSize: number, numHiddens: number, options: RNNModelOptions) {
    super();
    const { cell = 'rnn', numLayers = 1, embedSize, dropout = 0, rng } = options;
    this.vocabSize = vocabSize;
    this.embedding = embedSize === undefined ? undefined : new Embedding(vocabSize, embedSize, { rng });
    const Layer = { rnn: RNN, gru: GRU, lstm: LSTM }[cell];
    this.rnn = new Layer(embedSize ?? vocabSize, numHiddens, { numLayers, dropout, rng });
    this.linear = new Linear(numHiddens, vocabSize, { rng });
  }

  /**
   * @param ids int32 [batch, steps]
   * @param state where the sequences before these ended; zeros when left out
   * @returns logits [batch, steps, vocabulary] and the state after the last step
   */
  forward(ids: tf.Tensor, state?: RNNModelState): [logits: tf.Tensor, state: RNNModelState] {
    const x =
      this.embedding?.forward(ids) ?? tf.oneHot(tf.cast(ids, 'int32'), this.vocabSize, 1, 0, 'float32');
    if (this.rnn instanceof LSTM) {
      const { output, hN, cN } = this.rnn.forward(x, { h0: state?.h, c0: state?.c });
      return [this.linear.forward(output), { h: hN, c: cN }];
    }
    const { output, hN } = this.rnn.forward(x, { h0: state?.h });
    return [this.linear.forward(output), { h: hN }];
  }
}
