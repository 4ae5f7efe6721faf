// BERT's encoder: tokens, segments and positions as vectors, then Transformer blocks that see both sides.
import { EncoderBlock, LearnedPositionalEncoding, type MemoryOptions } from '@d2lts/attention';
import { type Rng, Dropout, Embedding, LayerNorm, Module, normal } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { BertConfig } from './config.ts';

/** The book's `BERTEncoder` (section 14.8). Blocks are post-norm; each has the state names of PyTorch's encoder layer. */
export class BERTEncoder extends Module {
  token_embedding: Embedding;
  segment_embedding: Embedding;
  position_embedding: LearnedPositionalEncoding;
  norm: LayerNorm | undefined;
  layers: EncoderBlock[];
  readonly dropout: Dropout;

  constructor(config: BertConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHeads, ffnDim, numLayers, dropout = 0.1, maxLen = 512 } = config;
    const { activation = 'gelu', embeddingNorm = true, epsilon = 1e-12 } = config;
    const embed = (count: number) => new Embedding(count, dim, { initializer: normal(0, 0.02), rng });
    this.token_embedding = embed(vocabSize);
    this.segment_embedding = embed(2);
    this.position_embedding = new LearnedPositionalEncoding(dim, { maxLen, rng });
    this.norm = embeddingNorm ? new LayerNorm(dim, { epsilon }) : undefined;
    this.dropout = new Dropout(embeddingNorm ? dropout : 0, { rng });
    const options = { ffnDim, dropout, hiddenDropout: 0, activation, epsilon, rng };
    this.layers = Array.from({ length: numLayers }, () => new EncoderBlock(dim, numHeads, options));
  }

  /**
   * @param ids int32 [batch, steps]
   * @param segments int32 [batch, steps]: 0 or 1
   * @returns [batch, steps, dim]
   * @throws ValueError for ids out of the vocabulary and sequences longer than `maxLen`
   */
  forward(ids: tf.Tensor, segments: tf.Tensor, options: MemoryOptions = {}): tf.Tensor {
    const placed = this.position_embedding.forward(this.token_embedding.forward(ids));
    const side = this.segment_embedding.forward(segments); // [batch, steps, dim]
    let x = this.norm === undefined ? tf.add(placed, side) : this.norm.forward(placed, side);
    x = this.dropout.forward(x);
    for (const block of this.layers) x = block.forward(x, options);
    return x;
  }
}
