// The book's GRU encoder-decoder: the encoder's last state is the decoder's context at every step.
import { Embedding, GRU, Linear, Module, type Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { StepDecoder } from '../search/decoder.ts';
import type { TranslationBatch, TranslationModel } from '../translation/model.ts';
import { Seq2SeqSearch, type Seq2SeqState } from './seq2seqSearch.ts';
import { topState } from './topState.ts';

/** Sizes of a Seq2Seq model; plain JSON. */
export interface Seq2SeqConfig {
  /** Number of source tokens (and of target tokens, unless `targetVocabSize` says otherwise). */
  vocabSize: number;
  targetVocabSize?: number;
  embedSize: number;
  hiddenSize: number;
  numLayers: number;
  /** Between the recurrent layers; 0 by default. */
  dropout?: number;
  /** Id of the padding token; 0 by default. */
  padId?: number;
}

/** Options that both halves take. */
interface HalfOptions {
  numLayers: number;
  dropout: number;
  rng: Rng;
}

/** Embedding and GRU over the source (the book's `Seq2SeqEncoder`). */
export class Seq2SeqEncoder extends Module {
  embedding: Embedding;
  rnn: GRU;

  constructor(vocabSize: number, embedSize: number, hiddenSize: number, options: HalfOptions) {
    super();
    this.embedding = new Embedding(vocabSize, embedSize, { rng: options.rng });
    this.rnn = new GRU(embedSize, hiddenSize, options);
  }

  /**
   * @param source int32 [batch, steps]
   * @param lengths int32 [batch]: steps at or past it leave the state alone
   * @returns outputs [batch, steps, hidden] and the last state [layers, batch, hidden]
   */
  forward(source: tf.Tensor, lengths?: tf.Tensor): { output: tf.Tensor; state: tf.Tensor } {
    const { output, hN } = this.rnn.forward(this.embedding.forward(source), { lengths });
    return { output, state: hN };
  }
}

/** GRU over target embeddings joined with the context, and a projection (the book's `Seq2SeqDecoder`). */
export class Seq2SeqDecoder extends Module {
  embedding: Embedding;
  rnn: GRU;
  dense: Linear;

  constructor(vocabSize: number, embedSize: number, hiddenSize: number, options: HalfOptions) {
    super();
    this.embedding = new Embedding(vocabSize, embedSize, { rng: options.rng });
    this.rnn = new GRU(embedSize + hiddenSize, hiddenSize, options);
    this.dense = new Linear(hiddenSize, vocabSize, { rng: options.rng });
  }

  /**
   * @param input int32 [batch, steps]
   * @param state [layers, batch, hidden]
   * @param context [batch, hidden]: joined to every step's embedding
   * @returns logits [batch, steps, vocabulary] and the state after the last step
   */
  forward(input: tf.Tensor, state: tf.Tensor, context: tf.Tensor): { logits: tf.Tensor; state: tf.Tensor } {
    const [batch, steps] = input.shape as [number, number];
    const size = context.shape[1]!;
    const repeated = tf.broadcastTo(tf.reshape(context, [batch, 1, size]), [batch, steps, size]);
    const x = tf.concat([this.embedding.forward(input), repeated], 2); // [batch, steps, embed + hidden]
    const { output, hN } = this.rnn.forward(x, { h0: state });
    return { logits: this.dense.forward(output), state: hN };
  }
}

/**
 * Sequence to sequence learning with GRUs. Cho et al., 2014 (https://arxiv.org/abs/1406.1078); the book's section
 * on sequence-to-sequence learning, whose sizes are 32, 32, 2 layers, dropout 0.1.
 *
 * @example
 * const model = new Seq2Seq(
 *   { vocabSize: 200, embedSize: 32, hiddenSize: 32, numLayers: 2, dropout: 0.1 },
 *   { rng: new Rng(1) },
 * );
 */
export class Seq2Seq extends Module implements TranslationModel {
  encoder: Seq2SeqEncoder;
  decoder: Seq2SeqDecoder;
  readonly config: Seq2SeqConfig;
  readonly targetVocabSize: number;

  constructor(config: Seq2SeqConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, targetVocabSize = vocabSize, embedSize, hiddenSize, numLayers, dropout = 0 } = config;
    this.config = { ...config };
    this.targetVocabSize = targetVocabSize;
    this.encoder = new Seq2SeqEncoder(vocabSize, embedSize, hiddenSize, { numLayers, dropout, rng });
    this.decoder = new Seq2SeqDecoder(targetVocabSize, embedSize, hiddenSize, { numLayers, dropout, rng });
  }

  forward({ source, sourceLens, input }: Omit<TranslationBatch, 'labels'>): tf.Tensor {
    const { state } = this.encoder.forward(source, sourceLens);
    return this.decoder.forward(input, state, topState(state)).logits;
  }

  searchDecoder(): StepDecoder<readonly number[], Seq2SeqState> {
    return new Seq2SeqSearch(this);
  }
}
