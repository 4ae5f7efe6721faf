// TER (Snover et al., 2006): edits and shifts per reference word, as Tercom counts them.

import { translationEditRate } from '../ter/translation-edit-rate.ts';
import type { Symbols, Vocabulary } from '../ngrams/symbols.ts';
import { checkOptions } from '../options.ts';
import { splitWords, trimEnd } from '../text/whitespace.ts';
import { TERCOM_OPTIONS, tercomTokenizer, type TercomOptions } from '../tokenizers/tercom.ts';
import type { Tokenizer } from '../tokenizers/types.ts';
import type { Arithmetic, TypedScore } from './arithmetic.ts';
import { Metric, METRIC_OPTIONS, type MetricOptions, type SegmentStatistics } from './metric.ts';
import { Score } from './score.ts';
import { Signature, type SignatureInfo } from './signature.ts';

/** Options of {@link TER}; the defaults are Tercom's. */
export interface TerOptions extends MetricOptions, TercomOptions {}

/** A TER score: 0 is perfect, and there is no upper bound. */
export class TERScore extends Score {
  constructor(
    score: number,
    /** Edits: insertions, deletions, substitutions and shifts. */
    readonly numEdits: number,
    /** Average reference length in tokens, summed over segments. */
    readonly refLength: number,
    signature: Signature,
  ) {
    super('TER', score, signature);
  }
}

/**
 * The TER metric.
 *
 * @example
 * ```ts
 * import { TER } from 'sacrebleu-ts';
 *
 * new TER().corpusScore(['The dog bit the man.'], [['The dog had bit the man.']]).numEdits; // 1
 * ```
 */
export class TER extends Metric<Symbols[], TERScore> {
  readonly kind = 'TER';
  readonly #options: Required<TercomOptions>;
  readonly #tokenizer: Tokenizer;

  /** @throws SacreBleuError `INVALID_ARGUMENT` for an unknown option, or one that is not true or false */
  constructor(options: TerOptions = {}) {
    checkOptions('TER', options, { ...METRIC_OPTIONS, ...TERCOM_OPTIONS });
    super(options);
    const { normalized = false, noPunct = false, asianSupport = false, caseSensitive = false } = options;
    this.#options = { normalized, noPunct, asianSupport, caseSensitive };
    this.#tokenizer = tercomTokenizer(this.#options);
    this.cacheReferences(options.references);
  }

  /** The tokens of a segment, as they are compared. */
  tokens(segment: string): string[] {
    return splitWords(this.#tokenizer(trimEnd(segment)));
  }

  protected override prepareReferences(references: readonly string[], vocabulary: Vocabulary): Symbols[] {
    // sacreBLEU tokenizes references twice, which shows where the first pass makes room for the second ("50's").
    return references.map((reference) => vocabulary.encode(this.tokens(this.#tokenizer(trimEnd(reference)))));
  }

  protected override segmentStatistics(
    hypothesis: string,
    references: Symbols[],
    vocabulary: Vocabulary,
  ): SegmentStatistics {
    const words = vocabulary.encode(this.tokens(hypothesis));
    let fewest = Infinity;
    let lengths = 0;
    for (const reference of references) {
      fewest = Math.min(fewest, translationEditRate(words.ids, reference.ids));
      lengths += reference.length;
    }
    return [fewest, lengths / references.length];
  }

  override scoreOf(sums: ArrayLike<number>, arithmetic: Arithmetic): TypedScore {
    const edits = sums[0]!;
    const length = sums[1]!;
    if (length <= 0) return { value: edits > 0 ? 100 : 0, single: false };
    if (arithmetic !== 'single') return { value: 100 * (edits / length), single: false };
    return { value: Math.fround(100 * Math.fround(edits / length)), single: true };
  }

  protected override buildScore(sums: ArrayLike<number>): TERScore {
    return new TERScore(
      this.scoreOf(sums, 'double').value,
      Math.trunc(sums[0]!),
      sums[1]!,
      this.getSignature(),
    );
  }

  protected override buildSignature(info: SignatureInfo): Signature {
    const { normalized, noPunct, asianSupport, caseSensitive } = this.#options;
    return new Signature(
      info,
      {
        case: caseSensitive ? 'mixed' : 'lc',
        tok: this.#tokenizer.signature,
        norm: normalized,
        punct: !noPunct,
        asian: asianSupport,
      },
      { case: 'c', tok: 't', norm: 'nr', punct: 'pn', asian: 'as' },
    );
  }
}
