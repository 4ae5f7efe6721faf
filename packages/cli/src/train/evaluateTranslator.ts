// Corpus scores of a translator with their signatures.
import type { TranslateOptions, Translator } from '@d2lts/attention';
import { type TranslationScores, scoreCorpus } from './scoreCorpus.ts';

/** Scores of a corpus that a model translated. */
export interface CorpusScores extends TranslationScores {
  /** How the translations were searched. */
  decoding: { beamSize: number; alpha: number; lengthPenalty: string };
  sentences: number;
}

/** Translates all sentences and scores them with sacreBLEU's BLEU and chrF. */
export async function evaluateTranslator(
  translator: Translator,
  sentences: readonly { source: string; references: readonly string[] }[],
  options: TranslateOptions = {},
): Promise<CorpusScores> {
  const translations = await translator.translate(
    sentences.map(({ source }) => source),
    { batchSize: 32, ...options },
  );
  const hypotheses = translations.map(({ translation }) => translation);
  const { decoding, languages } = translator.config;
  const scores = scoreCorpus(hypotheses, sentences, languages);
  return { ...scores, decoding: { ...decoding, ...chosen(options) }, sentences: sentences.length };
}

function chosen({ beamSize, alpha, lengthPenalty }: TranslateOptions): Partial<CorpusScores['decoding']> {
  return {
    ...(beamSize === undefined ? {} : { beamSize }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(lengthPenalty === undefined ? {} : { lengthPenalty }),
  };
}
