// A recurrent language model: one-hot or embedded tokens, recurrent layers, a linear map (sections 8.5 to 9.4).
import { Dropout, Embedding, GRU, LSTM, Linear, Module, RNN, type Rng, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkInteger, checkOneOf } from '../checks.ts';
import type { StepDecoder } from '../search/decoder.ts';
import type { LanguageModelState, RecurrentLanguageModel } from './languageModel.ts';
import { LanguageModelSearch } from './languageModelSearch.ts';

/** Sizes and choices of an `RNNModel`; plain JSON, so that it can be a model folder's config. */
export interface RNNModelConfig {
  /** Number of tokens. */
  vocabSize: number;
  hiddenSize: number;
  /** `rnn` (tanh) by default. */
  cell?: 'rnn' | 'gru' | 'lstm';
  /** Layers on top of each other; 1 by default. */
  numLayers?: number;
  /** Width of an embedding; by default tokens are one-hot, as in the book. */
  embedSize?: number;
  /** After the embedding, between layers and before the linear map; 0 by default. */
  dropout?: number;
  /** One matrix for embedding and linear map (https://arxiv.org/abs/1608.05859); false by default. */
  tiedEmbeddings?: boolean;
  /**
   * Also read backwards; false by default. A language model must not: it sees the token that it has to predict, so
   * that its perplexity means nothing and its text is bad. The book shows just that in its section 9.4.
   */
  bidirectional?: boolean;
}

/**
 * The book's `RNNModel` over any cell. State names are PyTorch's: `embedding.weight`, `rnn.weight_ih_l0`, …,
 * `linear.weight`, `linear.bias`.
 *
 * @example
 * const model = new RNNModel({ vocabSize: 28, hiddenSize: 256, cell: 'gru' }, { rng: new Rng(1) });
 * const [logits, state] = model.forward(ids);
 */
export class RNNModel extends Module implements RecurrentLanguageModel {
  embedding: Embedding | undefined;
  rnn: RNN | GRU | LSTM;
  linear: Linear;
  dropout: Dropout;
  readonly config: RNNModelConfig;
  readonly vocabSize: number;

  /**
   * @throws ValueError for sizes below 1, and when embeddings are tied whose width is not that of the recurrent output
   * @throws ConfigError for an unknown cell
   */
  constructor(config: RNNModelConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, hiddenSize, cell = 'rnn', numLayers = 1, embedSize, dropout = 0 } = config;
    const { tiedEmbeddings = false, bidirectional = false } = config;
    const sizes = { vocabSize, hiddenSize, numLayers, embedSize: embedSize ?? 1 };
    for (const [name, size] of Object.entries(sizes)) checkInteger('RNNModel', name, size, 1);
    checkOneOf('RNNModel', 'cell', cell, ['rnn', 'gru', 'lstm']);
    const outputSize = bidirectional ? 2 * hiddenSize : hiddenSize;
    if (tiedEmbeddings && embedSize !== outputSize) {
      throw new ValueError({
        operation: 'RNNModel',
        fact: `embedSize of tied embeddings must be the recurrent output's size ${outputSize}`,
        value: embedSize,
        argument: 'embedSize',
      });
    }
    this.config = { ...config };
    this.vocabSize = vocabSize;
    this.embedding = embedSize === undefined ? undefined : new Embedding(vocabSize, embedSize, { rng });
    const Layer = { rnn: RNN, gru: GRU, lstm: LSTM }[cell];
    this.rnn = new Layer(embedSize ?? vocabSize, hiddenSize, { numLayers, dropout, bidirectional, rng });
    this.linear = new Linear(outputSize, vocabSize, { rng });
    if (tiedEmbeddings && this.embedding !== undefined) {
      // The map's initial values, not the embedding's standard normal ones: those would start with a huge loss.
      this.embedding.weight.dispose();
      this.embedding.weight = this.linear.weight;
    }
    this.dropout = new Dropout(dropout, { rng });
  }

  forward(ids: tf.Tensor, state?: LanguageModelState): [logits: tf.Tensor, state: LanguageModelState] {
    const x =
      this.embedding === undefined
        ? tf.oneHot(ids, this.vocabSize, 1, 0, 'float32') // [batch, steps, vocabulary]
        : this.dropout.forward(this.embedding.forward(ids)); // [batch, steps, embed]
    const given = { h0: state?.h, c0: state?.c };
    const { output, hN, cN } = { cN: undefined, ...this.rnn.forward(x, given) };
    const logits = this.linear.forward(this.dropout.forward(output));
    return [logits, cN === undefined ? { h: hN } : { h: hN, c: cN }];
  }

  beginState(batch: number): LanguageModelState {
    const { numLayers, bidirectional, hiddenSize } = this.rnn;
    const shape: [number, number, number] = [numLayers * (bidirectional ? 2 : 1), batch, hiddenSize];
    return this.rnn instanceof LSTM ? { h: tf.zeros(shape), c: tf.zeros(shape) } : { h: tf.zeros(shape) };
  }

  /** The model as search sees it; a source is a prompt of at least one token. */
  searchDecoder(): StepDecoder<readonly number[], LanguageModelState> {
    return new LanguageModelSearch(this);
  }
}
