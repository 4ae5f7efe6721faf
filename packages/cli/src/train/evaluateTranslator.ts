// Corpus scores of a translator with their signatures.
import type { TranslateOptions, Translator } from '@d2lts/attention';
import { BLEU, CHRF } from 'sacrebleu-ts';

/** A score and what is needed to compare it with others. */
export interface SignedScore {
  score: number;
  signature: string;
}

/** Scores of a corpus. */
export interface CorpusScores {
  /** Against the first reference of each sentence. */
  bleu: SignedScore;
  chrf: SignedScore;
  /** Against all references of each sentence, when there are several. */
  bleuAllReferences?: SignedScore;
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
  const { decoding } = translator.config;
  const scores = scoreCorpus(hypotheses, sentences);
  return { ...scores, decoding: { ...decoding, ...chosen(options) }, sentences: sentences.length };
}

/** The scores alone. */
export function scoreCorpus(
  hypotheses: readonly string[],
  sentences: readonly { references: readonly string[] }[],
): Pick<CorpusScores, 'bleu' | 'chrf' | 'bleuAllReferences'> {
  const first = [sentences.map(({ references }) => references[0]!)];
  const most = Math.max(1, ...sentences.map(({ references }) => references.length));
  const bleu = signed(new BLEU(), hypotheses, first);
  const chrf = signed(new CHRF(), hypotheses, first);
  if (most === 1) return { bleu, chrf };
  const all = Array.from({ length: most }, (_, i) =>
    sentences.map(({ references }) => references[i] ?? null),
  );
  return { bleu, chrf, bleuAllReferences: signed(new BLEU(), hypotheses, all) };
}

function signed(
  metric: BLEU | CHRF,
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
): SignedScore {
  const { score } = metric.corpusScore(hypotheses as string[], references as string[][]);
  return { score, signature: metric.getSignature().format() };
}

function chosen({ beamSize, alpha, lengthPenalty }: TranslateOptions): Partial<CorpusScores['decoding']> {
  return {
    ...(beamSize === undefined ? {} : { beamSize }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(lengthPenalty === undefined ? {} : { lengthPenalty }),
  };
}
