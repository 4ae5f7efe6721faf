// One-call functions under sacreBLEU's names, for those who know its Python API.

import { BLEU, type BLEUScore, type BleuOptions } from './metrics/bleu.ts';
import { CHRF, type ChrfOptions, type CHRFScore } from './metrics/chrf.ts';
import type { Reference, ReferenceStreams } from './metrics/metric.ts';
import { TER, type TerOptions, type TERScore } from './metrics/ter.ts';

/** Corpus BLEU with sacreBLEU's defaults. */
export function corpusBleu(
  hypotheses: readonly string[],
  references: ReferenceStreams,
  options?: BleuOptions,
): BLEUScore {
  return new BLEU(options).corpusScore(hypotheses, references);
}

/** Corpus BLEU without tokenization, with `floor` smoothing and effective order. */
export function rawCorpusBleu(
  hypotheses: readonly string[],
  references: ReferenceStreams,
  smoothValue = 0.1,
): BLEUScore {
  const options: BleuOptions = {
    smoothMethod: 'floor',
    smoothValue,
    force: true,
    tokenize: 'none',
    effectiveOrder: true,
  };
  return new BLEU(options).corpusScore(hypotheses, references);
}

/** Sentence BLEU: effective order by default. */
export function sentenceBleu(
  hypothesis: string,
  references: readonly Reference[],
  options: BleuOptions = {},
): BLEUScore {
  return new BLEU({ effectiveOrder: true, ...options }).sentenceScore(hypothesis, references);
}

/** Corpus chrF. */
export function corpusChrf(
  hypotheses: readonly string[],
  references: ReferenceStreams,
  options?: ChrfOptions,
): CHRFScore {
  return new CHRF(options).corpusScore(hypotheses, references);
}

/** Sentence chrF. */
export function sentenceChrf(
  hypothesis: string,
  references: readonly Reference[],
  options?: ChrfOptions,
): CHRFScore {
  return new CHRF(options).sentenceScore(hypothesis, references);
}

/** Corpus TER. */
export function corpusTer(
  hypotheses: readonly string[],
  references: ReferenceStreams,
  options?: TerOptions,
): TERScore {
  return new TER(options).corpusScore(hypotheses, references);
}

/** Sentence TER. */
export function sentenceTer(
  hypothesis: string,
  references: readonly Reference[],
  options?: TerOptions,
): TERScore {
  return new TER(options).sentenceScore(hypothesis, references);
}
