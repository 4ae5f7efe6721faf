// chrF and chrF++ (Popović 2015, 2017): F-score of character (and word) n-grams.

import { NgramCounter } from '../ngrams/ngram-counter.ts';
import { codePoints, type Symbols, type Vocabulary } from '../ngrams/symbols.ts';
import { AMOUNT, checkOptions, FLAG, integer, invalidOption, type Kind } from '../options.ts';
import { splitWords } from '../text/whitespace.ts';
import type { Arithmetic, TypedScore } from './arithmetic.ts';
import { computeChrf, type ChrfFormula } from './chrf-formula.ts';
import { Metric, METRIC_OPTIONS, type MetricOptions, type SegmentStatistics } from './metric.ts';
import { Score } from './score.ts';
import { Signature, type SignatureInfo } from './signature.ts';

/** Options of {@link CHRF}; the defaults are sacreBLEU's. */
export interface ChrfOptions extends MetricOptions {
  /** Highest character n-gram order. Default 6. */
  charOrder?: number;
  /** Highest word n-gram order; 2 makes it chrF++. Default 0. */
  wordOrder?: number;
  /** Weight of recall against precision. Default 2. */
  beta?: number;
  /** Ignore case. Default false. */
  lowercase?: boolean;
  /** Count whitespace in character n-grams. Default false. */
  whitespace?: boolean;
  /** Smooth by an epsilon, as chrF++.py, NLTK and Moses do, instead of by effective order. Default false. */
  epsSmoothing?: boolean;
}

const OPTIONS = {
  ...METRIC_OPTIONS,
  charOrder: integer(0, 1000),
  wordOrder: integer(0, 1000),
  beta: AMOUNT,
  lowercase: FLAG,
  whitespace: FLAG,
  epsSmoothing: FLAG,
} satisfies Record<keyof ChrfOptions, Kind>;

/** A chrF score with its orders. */
export class CHRFScore extends Score {
  constructor(
    score: number,
    readonly charOrder: number,
    readonly wordOrder: number,
    readonly beta: number,
    signature: Signature,
  ) {
    super(`chrF${beta}${'+'.repeat(wordOrder)}`, score, signature);
  }
}

interface CountedReference {
  chars: NgramCounter;
  charLength: number;
  words: NgramCounter | undefined;
  wordLength: number;
}

/**
 * The chrF metric.
 *
 * @example
 * ```ts
 * import { CHRF } from 'sacrebleu-ts';
 *
 * const chrf = new CHRF({ wordOrder: 2 });
 * chrf.corpusScore(['The dog bit the man.'], [['The dog had bit the man.']]).name; // chrF2++
 * ```
 */
export class CHRF extends Metric<CountedReference[], CHRFScore> {
  readonly kind = 'CHRF';
  readonly #charOrder: number;
  readonly #wordOrder: number;
  readonly #lowercase: boolean;
  readonly #whitespace: boolean;
  readonly #formula: ChrfFormula;

  /** @throws SacreBleuError `INVALID_ARGUMENT` for an unknown option, a value out of range, or no order at all */
  constructor(options: ChrfOptions = {}) {
    checkOptions('CHRF', options, OPTIONS);
    super(options);
    const { charOrder = 6, wordOrder = 0, beta = 2, epsSmoothing = false } = options;
    if (charOrder + wordOrder === 0)
      throw invalidOption('CHRF', 'charOrder', charOrder, 'at least 1 when wordOrder is 0');
    this.#charOrder = charOrder;
    this.#wordOrder = wordOrder;
    this.#lowercase = options.lowercase ?? false;
    this.#whitespace = options.whitespace ?? false;
    this.#formula = { order: charOrder + wordOrder, beta, epsSmoothing };
    this.cacheReferences(options.references);
  }

  #characters(segment: string): Symbols {
    return codePoints(segment, this.#whitespace);
  }

  #prepared(segment: string): string {
    return this.#lowercase ? segment.toLowerCase() : segment;
  }

  protected override prepareReferences(
    references: readonly string[],
    vocabulary: Vocabulary,
  ): CountedReference[] {
    return references.map((reference) => {
      const text = this.#prepared(reference);
      const characters = this.#characters(text);
      const chars = new NgramCounter(this.#charOrder, characters.length);
      chars.add(characters.ids, characters.length);
      if (this.#wordOrder === 0)
        return { chars, charLength: characters.length, words: undefined, wordLength: 0 };
      const encoded = vocabulary.encode(separateEdgePunctuation(text));
      const words = new NgramCounter(this.#wordOrder, encoded.length);
      words.add(encoded.ids, encoded.length);
      return { chars, charLength: characters.length, words, wordLength: encoded.length };
    });
  }

  protected override segmentStatistics(
    hypothesis: string,
    references: CountedReference[],
    vocabulary: Vocabulary,
  ): SegmentStatistics {
    const text = this.#prepared(hypothesis);
    const characters = this.#characters(text);
    const words = this.#wordOrder > 0 ? vocabulary.lookup(separateEdgePunctuation(text)) : undefined;
    let best: SegmentStatistics = [];
    let bestScore = -1;
    for (const reference of references) {
      const statistics: SegmentStatistics = [];
      pushMatches(statistics, characters, reference.chars, reference.charLength, this.#charOrder);
      if (words) pushMatches(statistics, words, reference.words!, reference.wordLength, this.#wordOrder);
      const score = references.length === 1 ? 0 : computeChrf(statistics, this.#formula).value;
      if (score > bestScore) {
        bestScore = score;
        best = statistics;
      }
    }
    return best;
  }

  override scoreOf(sums: ArrayLike<number>, arithmetic: Arithmetic): TypedScore {
    return computeChrf(sums, this.#formula, arithmetic);
  }

  protected override buildScore(sums: ArrayLike<number>): CHRFScore {
    const { value } = computeChrf(sums, this.#formula);
    return new CHRFScore(value, this.#charOrder, this.#wordOrder, this.#formula.beta, this.getSignature());
  }

  protected override buildSignature(info: SignatureInfo): Signature {
    return new Signature(
      info,
      {
        case: this.#lowercase ? 'lc' : 'mixed',
        eff: !this.#formula.epsSmoothing,
        nc: this.#charOrder,
        nw: this.#wordOrder,
        space: this.#whitespace,
      },
      { case: 'c', eff: 'e', nc: 'nc', nw: 'nw', space: 's' },
    );
  }
}

// Appends [hypothesis, reference, match] of every order; an order the reference lacks counts nothing.
function pushMatches(
  statistics: SegmentStatistics,
  hypothesis: Symbols,
  reference: NgramCounter,
  referenceLength: number,
  order: number,
): void {
  const matches = new Int32Array(order);
  reference.countMatches(hypothesis.ids, hypothesis.length, matches);
  for (let n = 0; n < order; n++) {
    const inReference = Math.max(0, referenceLength - n);
    statistics.push(inReference > 0 ? Math.max(0, hypothesis.length - n) : 0, inReference, matches[n]!);
  }
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** Words with one punctuation mark split off the end, else off the start, as chrF++.py does. */
export function separateEdgePunctuation(text: string): string[] {
  const words: string[] = [];
  for (const word of splitWords(text)) {
    const end = word.length - 1;
    if (end === 0) words.push(word);
    else if (PUNCTUATION.has(word[end]!)) words.push(word.slice(0, -1), word[end]!);
    else if (PUNCTUATION.has(word[0]!)) words.push(word[0]!, word.slice(1));
    else words.push(word);
  }
  return words;
}
