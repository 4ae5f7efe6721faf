// Sequence to sequence learning with attention over a recurrent encoder.
import { type Rng, ValueError } from '@d2lts/core';
import {
  EncoderDecoder,
  type SearchDecoderOptions,
  type StepDecoder,
  type TranslationBatch,
  type TranslationModel,
} from '@d2lts/rnn';
import type * as tf from '@tensorflow/tfjs-core';
import { BahdanauSearch, type BahdanauState } from './bahdanauSearch.ts';
import { type AttentionDecoderState, Seq2SeqAttentionDecoder, type ScoreFunction } from './decoder.ts';
import { AttentionEncoder, type Encoded } from './encoder.ts';

/** Sizes and choices of a Bahdanau model; plain JSON. */
export interface BahdanauConfig {
  /** Number of source tokens (and of target tokens, unless `targetVocabSize` says otherwise). */
  vocabSize: number;
  targetVocabSize?: number;
  embedSize: number;
  hiddenSize: number;
  numLayers: number;
  /** 'gru' by default. */
  cell?: 'gru' | 'lstm';
  /** Whether the encoder also reads backwards; false by default, as in the book (the paper's does). */
  bidirectional?: boolean;
  /** 'additive' by default. */
  score?: ScoreFunction;
  /** Between the recurrent layers, and of the attention weights; 0 by default. */
  dropout?: number;
  /** Id of the padding token; 0 by default. */
  padId?: number;
  /** Longest source and target that it is to be asked for; no limit by default. */
  maxLen?: number;
}

/**
 * Sequence to sequence learning with attention. Bahdanau et al., 2014 (https://arxiv.org/abs/1409.0473); the book's
 * section 10.4, whose sizes are 32, 32, 2 layers, dropout 0.1.
 *
 * @example
 * const model = new Bahdanau(
 *   { vocabSize: 200, embedSize: 32, hiddenSize: 32, numLayers: 2, dropout: 0.1 },
 *   { rng: new Rng(1) },
 * );
 */
export class Bahdanau extends EncoderDecoder<Encoded, AttentionDecoderState> implements TranslationModel {
  declare readonly decoder: Seq2SeqAttentionDecoder;
  readonly config: BahdanauConfig;
  readonly targetVocabSize: number;
  readonly maxLen: number | undefined;

  /** @throws ValueError for dot-product scores over a bidirectional encoder: the widths differ */
  constructor(config: BahdanauConfig, { rng }: { rng: Rng }) {
    const { vocabSize, targetVocabSize = vocabSize, embedSize, hiddenSize, score, bidirectional } = config;
    if (score === 'dot' && bidirectional) {
      throw new ValueError({
        operation: 'Bahdanau',
        fact: 'dot-product scores need an encoder in one direction',
        value: { score, bidirectional },
        advice: "use score 'bilinear' or 'additive'",
        argument: 'score',
      });
    }
    const encoder = new AttentionEncoder(vocabSize, embedSize, hiddenSize, { ...config, rng });
    const options = { ...config, memorySize: encoder.outputSize, rng };
    super(encoder, new Seq2SeqAttentionDecoder(targetVocabSize, embedSize, hiddenSize, options));
    this.config = { ...config };
    this.maxLen = config.maxLen;
    this.targetVocabSize = targetVocabSize;
  }

  /** @param options.onWeights receives each target step's attention [batch, 1, source steps] */
  override forward(
    batch: Omit<TranslationBatch, 'labels'>,
    options: { onWeights?: (weights: tf.Tensor) => void } = {},
  ): tf.Tensor {
    return this.decoder.forward(batch.input, this.encode(batch), options).logits;
  }

  searchDecoder(options: SearchDecoderOptions = {}): StepDecoder<readonly number[], BahdanauState> {
    return new BahdanauSearch(this, options);
  }
}
