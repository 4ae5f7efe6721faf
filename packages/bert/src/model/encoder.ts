// BERT's encoder: tokens, segments and positions as vectors, then Transformer blocks that see both sides.
import { EncoderBlock, LearnedPositionalEncoding, type MemoryOptions } from '@d2lts/attention';
import { type Rng, Dropout, Embedding, LayerNorm, Module, normal } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { BertConfig } from './config.ts';

/** The book's `BERTEncoder` (section 14.8). Blocks are post-norm; each has the state names of PyTorch's encoder layer. */
export class BERTEncoder extends Module {
  token_embedding: Embedding;
  segment_embedding: Embedding | undefined;
  position_embedding: LearnedPositionalEncoding;
  norm: LayerNorm | undefined;
  layers: EncoderBlock[];
  readonly dropout: Dropout;
  readonly positionOffset: number;

  constructor(config: BertConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHeads, ffnDim, numLayers, dropout = 0.1, maxLen = 512 } = config;
    const { activation = 'gelu', embeddingNorm = true, epsilon = 1e-12 } = config;
    const { attentionDropout = dropout, positionOffset = 0, numSegments = 2, padId } = config;
    const embed = (count: number, paddingIdx = -1) =>
      new Embedding(count, dim, { initializer: normal(0, 0.02), paddingIdx, rng });
    this.token_embedding = embed(vocabSize, padId);
    this.segment_embedding = numSegments > 0 ? embed(numSegments) : undefined;
    this.position_embedding = new LearnedPositionalEncoding(dim, { maxLen: maxLen + positionOffset, rng });
    this.positionOffset = positionOffset;
    this.norm = embeddingNorm ? new LayerNorm(dim, { epsilon }) : undefined;
    this.dropout = new Dropout(embeddingNorm ? dropout : 0, { rng });
    const options = { ffnDim, dropout, attentionDropout, hiddenDropout: 0, activation, epsilon, rng };
    this.layers = Array.from({ length: numLayers }, () => new EncoderBlock(dim, numHeads, options));
  }

  /**
   * @param ids int32 [batch, steps]
   * @param segments int32 [batch, steps]: 0 or 1; all 0 by default
   * @returns [batch, steps, dim]
   * @throws ValueError for ids out of the vocabulary and sequences longer than `maxLen`
   */
  forward(ids: tf.Tensor, segments?: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    const positions = this.positions(ids, options.validLens);
    const placed = this.position_embedding.forward(this.token_embedding.forward(ids), positions);
    const side = this.segment_embedding?.forward(segments ?? tf.zerosLike(ids)); // [batch, steps, dim]
    let x = this.norm?.forward(placed, side) ?? (side === undefined ? placed : tf.add(placed, side));
    x = this.dropout.forward(x);
    for (const block of this.layers) x = block.forward(x, options);
    return x;
  }

  /** Where the steps stand. RoBERTa's padding stands right before the first step. */
  private positions(ids: tf.Tensor, validLens?: tf.Tensor): number | tf.Tensor {
    const offset = this.positionOffset;
    if (offset === 0 || validLens === undefined) return offset;
    const steps = tf.reshape(tf.range(1, ids.shape[1]! + 1, 1, 'int32'), [1, -1]);
    const valid = tf.cast(tf.lessEqual(steps, tf.reshape(validLens, [-1, 1])), 'int32'); // [batch, steps]
    return tf.add(tf.mul(steps, valid), tf.scalar(offset - 1, 'int32'));
  }
}
