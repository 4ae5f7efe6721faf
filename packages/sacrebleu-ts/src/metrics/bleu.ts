// BLEU (Papineni et al., 2002): clipped n-gram precision with a brevity penalty.

import { explainBleu, type BleuExplanation } from '../explain/bleu.ts';
import { NgramCounter } from '../ngrams/ngram-counter.ts';
import type { Vocabulary } from '../ngrams/symbols.ts';
import { AMOUNT, checkOptions, FLAG, integer, oneOf, TEXT, TEXTS, type Kind } from '../options.ts';
import { formatFixed } from '../text/numbers.ts';
import { splitWords, trimEnd } from '../text/whitespace.ts';
import { getTokenizer, type TokenizerName } from '../tokenizers/registry.ts';
import type { Tokenizer } from '../tokenizers/types.ts';
import type { Arithmetic, TypedScore } from './arithmetic.ts';
import {
  computeBleu,
  SMOOTH_DEFAULTS,
  type BleuFormula,
  type BleuParts,
  type SmoothMethod,
} from './bleu-formula.ts';
import { Metric, METRIC_OPTIONS, type MetricOptions, type SegmentStatistics } from './metric.ts';
import { Score } from './score.ts';
import { Signature, type SignatureInfo } from './signature.ts';

/** Options of {@link BLEU}; the defaults are sacreBLEU's. */
export interface BleuOptions extends MetricOptions {
  /** Ignore case. Default false. */
  lowercase?: boolean;
  /** Do not warn about text that looks tokenized. Default false. */
  force?: boolean;
  /** Tokenizer by name, or your own. Default `13a`, or by `trgLang`: `zh`, `ja-mecab`, `ko-mecab`. */
  tokenize?: TokenizerName | Tokenizer;
  /** Default `exp`. */
  smoothMethod?: SmoothMethod;
  /** Value for `floor` (default 0.1) and `add-k` (default 1). */
  smoothValue?: number;
  /** Highest n-gram order. Default 4. */
  maxNgramOrder?: number;
  /** Leave out orders without any n-gram; meant for sentences. Default false. */
  effectiveOrder?: boolean;
  /** Target language, e.g. `zh`, to choose the tokenizer. */
  trgLang?: string;
}

const OPTIONS = {
  ...METRIC_OPTIONS,
  lowercase: FLAG,
  force: FLAG,
  tokenize: {
    what: 'the name of a tokenizer, or one made by defineTokenizer',
    accepts: (value) =>
      typeof (typeof value === 'function' ? (value as Tokenizer).signature : value) === 'string',
  },
  smoothMethod: oneOf(Object.keys(SMOOTH_DEFAULTS)),
  smoothValue: AMOUNT,
  maxNgramOrder: integer(1, 1000),
  effectiveOrder: FLAG,
  trgLang: TEXT,
} satisfies Record<keyof BleuOptions, Kind>;

/** A BLEU score with its n-gram counts and lengths. */
export class BLEUScore extends Score {
  /** Matched n-grams per order (after add-k smoothing). */
  readonly counts: readonly number[];
  /** Hypothesis n-grams per order. */
  readonly totals: readonly number[];
  /** Precisions per order, in percent. */
  readonly precisions: readonly number[];
  /** Brevity penalty, 0-1. */
  readonly bp: number;
  /** Hypothesis length in tokens. */
  readonly sysLen: number;
  /** Length of the closest references in tokens. */
  readonly refLen: number;

  constructor(parts: BleuParts, signature: Signature) {
    super('BLEU', parts.score, signature);
    ({ counts: this.counts, totals: this.totals, precisions: this.precisions } = parts);
    ({ bp: this.bp, sysLen: this.sysLen, refLen: this.refLen } = parts);
  }

  /** Hypothesis length over reference length. */
  get ratio(): number {
    return this.refLen ? this.sysLen / this.refLen : 0;
  }

  override get verbose(): string {
    const precisions = this.precisions.map((p) => formatFixed(p, 1)).join('/');
    const penalty = `BP = ${formatFixed(this.bp, 3)} ratio = ${formatFixed(this.ratio, 3)}`;
    return `${precisions} (${penalty} hyp_len = ${this.sysLen} ref_len = ${this.refLen})`;
  }
}

interface BleuReferences {
  ngrams: NgramCounter;
  lengths: number[];
}

const LANGUAGE_TOKENIZERS: Record<string, { name: TokenizerName; language: string }> = {
  zh: { name: 'zh', language: 'Chinese' },
  ja: { name: 'ja-mecab', language: 'Japanese' },
  ko: { name: 'ko-mecab', language: 'Korean' },
};

/**
 * The BLEU metric.
 *
 * @example
 * ```ts
 * import { BLEU } from 'sacrebleu-ts';
 *
 * const bleu = new BLEU();
 * const score = bleu.corpusScore(['The dog bit the man.'], [['The dog had bit the man.']]);
 * score.format({ signature: true });
 * ```
 */
export class BLEU extends Metric<BleuReferences, BLEUScore> {
  readonly kind = 'BLEU';
  readonly #formula: BleuFormula;
  readonly #lowercase: boolean;
  readonly #force: boolean;
  readonly #tokenizer: Tokenizer;

  /** @throws SacreBleuError for an unknown option, a value out of range, or a tokenizer that needs an add-on */
  constructor(options: BleuOptions = {}) {
    checkOptions('BLEU', options, OPTIONS);
    super(options);
    const { smoothMethod = 'exp', maxNgramOrder = 4, effectiveOrder = false } = options;
    this.#formula = { smoothMethod, smoothValue: options.smoothValue, maxNgramOrder, effectiveOrder };
    this.#lowercase = options.lowercase ?? false;
    this.#force = options.force ?? false;
    this.#tokenizer = this.#chooseTokenizer(options);
    this.cacheReferences(options.references);
  }

  #chooseTokenizer({ tokenize, trgLang = '' }: BleuOptions): Tokenizer {
    const byLanguage = Object.hasOwn(LANGUAGE_TOKENIZERS, trgLang) ? LANGUAGE_TOKENIZERS[trgLang] : undefined;
    if (tokenize === undefined) return getTokenizer(byLanguage?.name ?? '13a');
    if (byLanguage && tokenize !== byLanguage.name) {
      this.logger.warn(
        `Consider using the '${byLanguage.name}' or 'spm' tokenizer for ${byLanguage.language}.`,
      );
    }
    return typeof tokenize === 'string' ? getTokenizer(tokenize) : tokenize;
  }

  /** The tokens of a segment, as they are compared. */
  tokens(segment: string): string[] {
    return splitWords(this.#tokenizer(trimEnd(this.#lowercase ? segment.toLowerCase() : segment)));
  }

  protected override inspect(hypotheses: readonly string[]): void {
    if (this.#force || hypotheses.length < 100) return;
    if (hypotheses.filter((line) => line.endsWith(' .')).length < 100) return;
    this.logger.warn("That's 100 lines that end in a tokenized period ('.')");
    this.logger.warn('It looks like you forgot to detokenize your test data, which may hurt your score.');
    this.logger.warn(
      "If you insist your data is detokenized, or don't care, you can suppress this message with the `force` parameter.",
    );
  }

  protected override prepareReferences(references: readonly string[], words: Vocabulary): BleuReferences {
    const encoded = references.map((reference) => words.encode(this.tokens(reference)));
    const ngrams = new NgramCounter(this.#formula.maxNgramOrder, encoded[0]!.length);
    for (const { ids, length } of encoded) ngrams.add(ids, length);
    return { ngrams, lengths: encoded.map(({ length }) => length) };
  }

  protected override segmentStatistics(
    hypothesis: string,
    { ngrams, lengths }: BleuReferences,
    words: Vocabulary,
  ): SegmentStatistics {
    const { maxNgramOrder } = this.#formula;
    const { ids, length } = words.lookup(this.tokens(hypothesis));
    const counts = Array.from({ length: maxNgramOrder }, () => 0);
    ngrams.countMatches(ids, length, counts);
    const totals = counts.map((_, n) => Math.max(0, length - n));
    return [length, closestLength(length, lengths), ...counts, ...totals];
  }

  override scoreOf(sums: ArrayLike<number>, arithmetic: Arithmetic): TypedScore {
    return { value: computeBleu(sums, this.#formula, arithmetic).score, single: false };
  }

  protected override buildScore(sums: ArrayLike<number>): BLEUScore {
    return new BLEUScore(computeBleu(sums, this.#formula), this.getSignature());
  }

  /** Scores one sentence; warns unless `effectiveOrder` is set. */
  override sentenceScore(...[hypothesis, references]: Parameters<Metric['sentenceScore']>): BLEUScore {
    if (!this.#formula.effectiveOrder) {
      this.logger.warn('It is recommended to enable `effective_order` for sentence-level BLEU.');
    }
    return super.sentenceScore(hypothesis, references);
  }

  /** Which n-grams of a sentence matched, were clipped or missed. */
  explain(hypothesis: string, references: readonly string[]): BleuExplanation {
    checkOptions('BLEU.explain', { hypothesis, references }, { hypothesis: TEXT, references: TEXTS }, [
      'hypothesis',
      'references',
    ]);
    return explainBleu(
      this.tokens(hypothesis),
      references.map((reference) => this.tokens(reference)),
      this.#formula.maxNgramOrder,
    );
  }

  protected override buildSignature(info: SignatureInfo): Signature {
    const { smoothMethod, effectiveOrder } = this.#formula;
    const value =
      SMOOTH_DEFAULTS[smoothMethod] === undefined
        ? undefined
        : (this.#formula.smoothValue ?? SMOOTH_DEFAULTS[smoothMethod]);
    return new Signature(
      info,
      {
        case: this.#lowercase ? 'lc' : 'mixed',
        eff: effectiveOrder,
        tok: this.#tokenizer.signature,
        smooth: value === undefined ? smoothMethod : `${smoothMethod}[${formatFixed(value, 2)}]`,
      },
      { case: 'c', eff: 'e', tok: 'tok', smooth: 's' },
    );
  }
}

/** The reference length nearest to the hypothesis length, the shorter of two equally near. */
function closestLength(length: number, lengths: readonly number[]): number {
  let best = lengths[0]!;
  for (const candidate of lengths) {
    const gain = Math.abs(length - best) - Math.abs(length - candidate);
    if (gain > 0 || (gain === 0 && candidate < best)) best = candidate;
  }
  return best;
}
