// TextCNN: convolutions of several widths over a sentence, the strongest response of each kept.
import { type Rng, Conv1d, Dropout, Embedding, Linear, Module, ModuleList, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { withinLengths } from './withinLengths.ts';

/** Sizes of a {@link TextCNN}; plain JSON. */
export interface TextCnnConfig {
  vocabSize: number;
  /** Width of the trained word vectors. */
  dim: number;
  /** Width of the second, fixed word vectors; `dim` by default, 0 for none. */
  constantDim?: number;
  /** Widths of the convolutions in words. Default [3, 4, 5]. */
  kernelSizes?: readonly number[];
  /** Channels of each convolution. Default 100 each. */
  numChannels?: readonly number[];
  /** Default 2. */
  numClasses?: number;
  /** Of the pooled features; default 0.5. */
  dropout?: number;
}

/**
 * Word vectors, of which half are trained and half stay as they were loaded; one convolution a width; the maximum over
 * the sentence; a linear map.
 *
 * Source: Y. Kim (https://arxiv.org/abs/1408.5882); the book's `TextCNN` (16.3), with its state's names.
 *
 * @example
 * const model = new TextCNN({ vocabSize: vocab.size, dim: 100 }, { rng: new Rng(1) });
 * const logits = model.forward(ids, { validLens }); // [batch, 2]
 */
export class TextCNN extends Module {
  embedding: Embedding;
  constant_embedding: Embedding | undefined;
  dropout: Dropout;
  decoder: Linear;
  convs: ModuleList<Conv1d>;
  readonly widest: number;

  constructor(config: TextCnnConfig, { rng }: { rng: Rng }) {
    super();
    const {
      vocabSize,
      dim,
      constantDim = dim,
      kernelSizes = [3, 4, 5],
      numClasses = 2,
      dropout = 0.5,
    } = config;
    const { numChannels = kernelSizes.map(() => 100) } = config;
    if (kernelSizes.length === 0 || kernelSizes.length !== numChannels.length)
      throw new ValueError({
        operation: 'TextCNN',
        fact: 'kernelSizes and numChannels must be as many, at least one',
        value: [kernelSizes.length, numChannels.length],
        argument: 'numChannels',
      });
    this.embedding = new Embedding(vocabSize, dim, { rng });
    if (constantDim > 0) this.constant_embedding = new Embedding(vocabSize, constantDim, { rng }).freeze();
    this.dropout = new Dropout(dropout, { rng });
    this.decoder = new Linear(
      numChannels.reduce((sum, channels) => sum + channels, 0),
      numClasses,
      { rng },
    );
    this.convs = new ModuleList(
      kernelSizes.map((width, i) => new Conv1d(dim + constantDim, numChannels[i]!, width, { rng })),
    );
    this.widest = kernelSizes.reduce((a, b) => Math.max(a, b));
  }

  /**
   * @param ids int32 [batch, words]
   * @param options.validLens int32 [batch]: windows that reach past a sentence's end do not count; all count when left out,
   *   as in the book
   * @returns logits [batch, classes]
   */
  forward(ids: tf.Tensor, { validLens }: { validLens?: tf.Tensor } = {}): tf.Tensor {
    const missing = Math.max(0, this.widest - ids.shape[1]!);
    return tf.tidy(() => {
      const tables = [this.embedding, ...(this.constant_embedding ? [this.constant_embedding] : [])];
      const words = tf.concat(
        tables.map((table) => table.forward(ids)),
        2,
      ); // [batch, words, dims]
      const padded = missing > 0 ? tf.pad(words, [[0, 0], [0, missing], [0, 0]]) : words; // prettier-ignore
      const signal = tf.transpose(padded, [0, 2, 1]); // [batch, dims, words]
      const strongest = Array.from(this.convs, (conv) => {
        const responses = tf.relu(conv.forward(signal)); // [batch, channels, windows]
        if (validLens === undefined) return tf.max(responses, 2);
        const width = conv.weight.shape[2]!;
        const windows = tf.maximum(tf.sub(validLens, width - 1), 0); // whole windows of each sentence
        const inside = tf.expandDims(withinLengths(windows, responses.shape[2]!), 1);
        return tf.max(tf.where(tf.broadcastTo(inside, responses.shape), responses, 0), 2);
      });
      return this.decoder.forward(this.dropout.forward(tf.concat(strongest, 1)));
    });
  }
}
