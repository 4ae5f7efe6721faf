// A sentence read from both sides by an LSTM, classified by what it held at both ends.
import { type Rng, Embedding, LSTM, Linear, Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { pickSteps } from '../model/heads.ts';

/** Sizes of a {@link BiRNN}; plain JSON. */
export interface BiRnnConfig {
  vocabSize: number;
  /** Width of the word vectors. */
  dim: number;
  /** Units of each direction. */
  numHiddens: number;
  /** Default 2. */
  numLayers?: number;
  /** Default 2. */
  numClasses?: number;
}

/**
 * Word vectors, a bidirectional LSTM, and a linear map of its first and last outputs.
 *
 * Source: the book's `BiRNN` (16.2), with its state's names.
 *
 * @example
 * const model = new BiRNN({ vocabSize: vocab.size, dim: 100, numHiddens: 100 }, { rng: new Rng(1) });
 * const logits = model.forward(ids, { validLens }); // [batch, 2]
 */
export class BiRNN extends Module {
  embedding: Embedding;
  encoder: LSTM;
  decoder: Linear;

  constructor(config: BiRnnConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHiddens, numLayers = 2, numClasses = 2 } = config;
    this.embedding = new Embedding(vocabSize, dim, { rng });
    this.encoder = new LSTM(dim, numHiddens, { numLayers, bidirectional: true, rng });
    this.decoder = new Linear(4 * numHiddens, numClasses, { rng });
  }

  /**
   * @param ids int32 [batch, words]
   * @param options.validLens int32 [batch], at least 1: padding is not read; without it the last step counts, as in the book
   * @returns logits [batch, classes]
   */
  forward(ids: tf.Tensor, { validLens }: { validLens?: tf.Tensor } = {}): tf.Tensor {
    const [batch, steps] = ids.shape as [number, number];
    return tf.tidy(() => {
      const { output } = this.encoder.forward(this.embedding.forward(ids), { lengths: validLens });
      const lengths =
        validLens ??
        tf.tensor1d(
          Array.from({ length: batch }, () => steps),
          'int32',
        );
      const last = tf.sub(lengths, tf.scalar(1, 'int32'));
      const ends = tf.stack([tf.zerosLike(last), last], 1); // [batch, 2]
      return this.decoder.forward(tf.reshape(pickSteps(output, ends), [batch, -1]));
    });
  }
}
