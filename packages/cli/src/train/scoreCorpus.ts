// sacreBLEU's scores of a corpus of translations, with their signatures.
import { BLEU, CHRF } from 'sacrebleu-ts';
import { type MosesLanguage, hasMosesRules, mosesTokens } from '../moses/mosesTokens.ts';

/** A score and what is needed to compare it with others. */
export interface SignedScore {
  score: number;
  signature: string;
  /** What cut the text into words before it was scored with `tok:none`. */
  tokens?: 'Moses';
}

/** Scores of translations. */
export interface TranslationScores {
  /** Against the first reference of each sentence. */
  bleu: SignedScore;
  chrf: SignedScore;
  /** Against all references of each sentence, when there are several. */
  bleuAllReferences?: SignedScore;
  /**
   * Against the first reference, lower-cased. In German, English and French of Moses tokens, as many papers on Multi30k
   * report it: the number of `multi-bleu.perl -lc` on what `tokenizer.perl` gives, and of `sacrebleu -tok none -lc` there.
   */
  bleuLowercase: SignedScore;
}

/** BLEU and chrF. BLEU's tokenizer is sacreBLEU's choice for the target language: `zh` for Chinese, else `13a`. */
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
  const bleuLowercase = hasMosesRules(target)
    ? mosesBleu(hypotheses, first, target)
    : signed(new BLEU({ tokenize, lowercase: true }), hypotheses, first);
  if (most === 1) return { bleu, chrf, bleuLowercase };
  const all = Array.from({ length: most }, (_, i) =>
    sentences.map(({ references }) => references[i] ?? null),
  );
  return { bleu, chrf, bleuAllReferences: signed(new BLEU({ tokenize }), hypotheses, all), bleuLowercase };
}

function mosesBleu(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  language: MosesLanguage,
): SignedScore {
  const cut = (texts: readonly string[]) => texts.map((text) => mosesTokens(text, language));
  // `force`: that the text is tokenized is no surprise.
  const metric = new BLEU({ tokenize: 'none', lowercase: true, force: true });
  return { ...signed(metric, cut(hypotheses), references.map(cut)), tokens: 'Moses' };
}

/** The words after which a lower-cased score stands. */
export function lowercaseLabel({ tokens }: SignedScore): string {
  return tokens === undefined ? 'lower-cased' : `lower-cased, ${tokens} tokens`;
}

function signed(
  metric: BLEU | CHRF,
  hypotheses: readonly string[],
  references: readonly (readonly (string | null)[])[],
): SignedScore {
  const { score } = metric.corpusScore(hypotheses as string[], references as string[][]);
  return { score, signature: metric.getSignature().format() };
}
