// The book's GRU encoder-decoder: the encoder's last state is the decoder's context at every step.
import type { Rng } from '@d2lts/core';
import type { StepDecoder } from '../search/decoder.ts';
import type { TranslationModel } from '../translation/model.ts';
import { EncoderDecoder } from './encoderDecoder.ts';
import { Seq2SeqDecoder, type Seq2SeqState } from './seq2seqDecoder.ts';
import { type Seq2SeqEncoded, Seq2SeqEncoder } from './seq2seqEncoder.ts';
import { Seq2SeqSearch } from './seq2seqSearch.ts';

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
  /** Whether the encoder also reads backwards; false by default, as in the book. */
  bidirectional?: boolean;
  /** Id of the padding token; 0 by default. */
  padId?: number;
  /** Longest source and target that it is to be asked for; no limit by default. */
  maxLen?: number;
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
export class Seq2Seq extends EncoderDecoder<Seq2SeqEncoded, Seq2SeqState> implements TranslationModel {
  readonly config: Seq2SeqConfig;
  readonly targetVocabSize: number;
  readonly maxLen: number | undefined;

  constructor(config: Seq2SeqConfig, { rng }: { rng: Rng }) {
    const { vocabSize, targetVocabSize = vocabSize, embedSize, hiddenSize, bidirectional = false } = config;
    const options = { numLayers: config.numLayers, dropout: config.dropout ?? 0, rng };
    super(
      new Seq2SeqEncoder(vocabSize, embedSize, hiddenSize, { ...options, bidirectional }),
      new Seq2SeqDecoder(targetVocabSize, embedSize, hiddenSize, options),
    );
    this.config = { ...config };
    this.maxLen = config.maxLen;
    this.targetVocabSize = targetVocabSize;
  }

  searchDecoder(): StepDecoder<readonly number[], Seq2SeqState> {
    return new Seq2SeqSearch(this);
  }
}
