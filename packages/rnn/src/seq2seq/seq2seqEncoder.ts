// Embedding and GRU over the source.
import { Embedding, GRU, type Rng, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { Encoder } from './encoderDecoder.ts';

/** Options that both halves take. */
export interface Seq2SeqHalfOptions {
  /** Layers on top of each other; 1 by default. */
  numLayers?: number;
  /** Between the layers; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** What the encoder gives. */
export interface Seq2SeqEncoded {
  /** [batch, steps, hidden]. */
  output: tf.Tensor;
  /** [layers, batch, hidden]: the state after each source's last token. */
  state: tf.Tensor;
}

/**
 * The book's `Seq2SeqEncoder`. A bidirectional one reads with half as many units in each direction and joins both
 * last states, so that the decoder is the same.
 */
export class Seq2SeqEncoder extends Encoder<Seq2SeqEncoded> {
  embedding: Embedding;
  rnn: GRU;

  /** @throws ValueError for both directions when `hiddenSize` is odd */
  constructor(
    vocabSize: number,
    embedSize: number,
    hiddenSize: number,
    { bidirectional = false, ...options }: Seq2SeqHalfOptions & { bidirectional?: boolean },
  ) {
    super();
    if (bidirectional && hiddenSize % 2 !== 0) {
      throw new ValueError({
        operation: 'Seq2SeqEncoder',
        fact: 'hiddenSize must be even for two directions',
        value: hiddenSize,
        argument: 'hiddenSize',
      });
    }
    this.embedding = new Embedding(vocabSize, embedSize, { rng: options.rng });
    this.rnn = new GRU(embedSize, bidirectional ? hiddenSize / 2 : hiddenSize, { ...options, bidirectional });
  }

  forward(source: tf.Tensor, lengths?: tf.Tensor): Seq2SeqEncoded {
    const { output, hN } = this.rnn.forward(this.embedding.forward(source), { lengths });
    return { output, state: this.rnn.bidirectional ? joinDirections(hN) : hN };
  }
}

/** [layers · 2, batch, hidden / 2] to [layers, batch, hidden]. */
function joinDirections(states: tf.Tensor): tf.Tensor {
  const [both, batch, size] = states.shape as [number, number, number];
  const layers = tf.reshape(states, [both / 2, 2, batch, size]);
  return tf.reshape(tf.transpose(layers, [0, 2, 1, 3]), [both / 2, batch, 2 * size]);
}
