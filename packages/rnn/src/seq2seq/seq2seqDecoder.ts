// GRU over target embeddings joined with the source's context, and a projection.
import { Embedding, GRU, Linear } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { Decoder } from './encoderDecoder.ts';
import type { Seq2SeqEncoded, Seq2SeqHalfOptions } from './seq2seqEncoder.ts';

/** What is carried from target step to target step. */
export type Seq2SeqState = {
  /** [layers, batch, hidden]. */
  state: tf.Tensor;
  /** [batch, hidden]: the encoder's last top state, joined to every step's embedding. */
  context: tf.Tensor;
};

/** The book's `Seq2SeqDecoder`. */
export class Seq2SeqDecoder extends Decoder<Seq2SeqEncoded, Seq2SeqState> {
  embedding: Embedding;
  rnn: GRU;
  dense: Linear;

  constructor(vocabSize: number, embedSize: number, hiddenSize: number, options: Seq2SeqHalfOptions) {
    super();
    this.embedding = new Embedding(vocabSize, embedSize, { rng: options.rng });
    this.rnn = new GRU(embedSize + hiddenSize, hiddenSize, options);
    this.dense = new Linear(hiddenSize, vocabSize, { rng: options.rng });
  }

  initState({ state }: Seq2SeqEncoded): Seq2SeqState {
    const [layers, batch, size] = state.shape as [number, number, number];
    const top = tf.slice(state, [layers - 1, 0, 0], [1, batch, size]);
    return { state, context: tf.reshape(top, [batch, size]) };
  }

  forward(input: tf.Tensor, { state, context }: Seq2SeqState): { logits: tf.Tensor; state: Seq2SeqState } {
    const [batch, steps] = input.shape as [number, number];
    const size = context.shape[1]!;
    const repeated = tf.broadcastTo(tf.reshape(context, [batch, 1, size]), [batch, steps, size]);
    const x = tf.concat([this.embedding.forward(input), repeated], 2); // [batch, steps, embed + hidden]
    const { output, hN } = this.rnn.forward(x, { h0: state });
    return { logits: this.dense.forward(output), state: { state: hN, context } };
  }
}
