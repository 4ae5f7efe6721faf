// sacreBLEU's scores of a corpus of translations, with their signatures.
import { BLEU, CHRF } from 'sacrebleu-ts';

/** A score and what is needed to compare it with others. */
export interface SignedScore {
  score: number;
  signature: string;
}

/** Scores of translations. */
export interface TranslationScores {
  /** Against the first reference of each sentence. */
  bleu: SignedScore;
  chrf: SignedScore;
  /** Against all references of each sentence, when there are several. */
  bleuAllReferences?: SignedScore;
  /** Against the first reference, lower-cased: as many papers on Multi30k report it. */
  bleuLowercase: SignedScore;
}

/**
 * BLEU and chrF. BLEU's tokenizer is sacreBLEU's choice for the target language: `zh` for Chinese, else `13a`.
 *
 * The lower-cased score is of the text as the Moses tokenizer leaves it, on which papers compute theirs: it also cuts
 * after an apostrophe between letters in French (https://aclanthology.org/P07-2045).
 */
export function scoreCorpus(
  hypotheses: readonly string[],
  sentences: readonly { references: readonly string[] }[],
  { target }: { target: string },
): TranslationScores {
  const tokenize = target === 'zh' ? 'zh' : '13a';
  const first = [sentences.map(({ references }) => references[0]!)];
  const most = Math.max(1, ...sentences.map(({ references }) => references.length));
  const bleu = signed(new BLEU({ tokenize }), hypotheses, first);
  const chrf = signed(new CHRF(), hypotheses, first);
  const cut = (text: string) => (target === 'fr' ? text.replaceAll(/(?<=\p{L})['’](?=\p{L})/gu, "' ") : text);
  const bleuLowercase = signed(
    new BLEU({ tokenize, lowercase: true }),
    hypotheses.map(cut),
    first.map((texts) => texts.map(cut)),
  );
  if (most === 1) return { bleu, chrf, bleuLowercase };
  const all = Array.from({ length: most }, (_, i) =>
    sentences.map(({ references }) => references[i] ?? null),
  );
  return { bleu, chrf, bleuAllReferences: signed(new BLEU({ tokenize }), hypotheses, all), bleuLowercase };
}

function signed(
  metric: BLEU | CHRF,
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
): SignedScore {
  const { score } = metric.corpusScore(hypotheses as string[], references as string[][]);
  return { score, signature: metric.getSignature().format() };
}
