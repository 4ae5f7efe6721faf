// W1-W5: the book's character language models: one-hot 28 → 256 hidden → 28, batch 32, 35 steps, SGD, clipping.
import { GRU, LSTM, Linear, Module, RNN, type Rng, SGD, crossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Workload, randomIds, trainingStep } from '../workload.ts';

const [vocab, hidden, batch, steps] = [28, 256, 32, 35];

class CharLm extends Module {
  readonly rnn: RNN | GRU | LSTM;
  readonly out: Linear;

  constructor(rnn: RNN | GRU | LSTM, rng: Rng) {
    super();
    this.rnn = rnn;
    this.out = new Linear(hidden * (rnn.bidirectional ? 2 : 1), vocab, { rng });
  }

  /** ids [batch, steps] → logits [batch, steps, vocab] */
  forward(ids: tf.Tensor): tf.Tensor {
    const x = tf.oneHot(tf.cast(ids, 'int32'), vocab, 1, 0, 'float32');
    return this.out.forward(this.rnn.forward(x).output);
  }
}

/** Multiply-adds of the products (gates · layers, output), three times: forward, and backward for both factors. */
const flopsOf = ({
  gates,
  numLayers = 1,
  directions = 1,
}: {
  gates: number;
  numLayers?: number;
  directions?: number;
}) => {
  let macs = hidden * directions * vocab;
  for (let layer = 0; layer < numLayers; layer++)
    macs += directions * gates * hidden * ((layer === 0 ? vocab : hidden * directions) + hidden);
  return 3 * 2 * batch * steps * macs;
};

const charLm =
  (make: (rng: Rng) => RNN | GRU | LSTM, gates: number): Workload =>
  (rng) => {
    const rnn = make(rng);
    const model = new CharLm(rnn, rng);
    const batches = Array.from({ length: 4 }, () => ({
      ids: randomIds(rng, [batch, steps], 0, vocab),
      labels: randomIds(rng, [batch, steps], 0, vocab),
    }));
    const loss = (b: (typeof batches)[number]) => crossEntropy(model.forward(b.ids), b.labels);
    const optimizer = new SGD(model.parameters(), { lr: 1 });
    return {
      step: trainingStep(model, loss, batches, optimizer, 1),
      tokens: batch * steps,
      flops: flopsOf({ gates, numLayers: rnn.numLayers, directions: rnn.bidirectional ? 2 : 1 }),
    };
  };

export const charLmWorkloads: Record<string, Workload> = {
  W1_rnn_lm: charLm((rng) => new RNN(vocab, hidden, { rng }), 1),
  W2_gru_lm: charLm((rng) => new GRU(vocab, hidden, { rng }), 3),
  W3_lstm_lm: charLm((rng) => new LSTM(vocab, hidden, { rng }), 4),
  W4_lstm2_lm: charLm((rng) => new LSTM(vocab, hidden, { numLayers: 2, rng }), 4),
  W5_bilstm2_lm: charLm((rng) => new LSTM(vocab, hidden, { numLayers: 2, bidirectional: true, rng }), 4),
};
