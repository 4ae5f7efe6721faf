// What all metrics share: references and their cache, statistics per segment, corpus and sentence scores.

import { SacreBleuError } from '../errors.ts';
import { consoleLogger, type Logger } from '../logger.ts';
import { Vocabulary } from '../ngrams/symbols.ts';
import { ANYTHING, checkOptions, integer, invalidOption, shown, type Kind } from '../options.ts';
import { bootstrapConfidence } from '../significance/bootstrap.ts';
import { resolveSeed } from '../random/seed.ts';
import type { Arithmetic, Scorer, TypedScore } from './arithmetic.ts';
import type { Score } from './score.ts';
import type { Signature, SignatureInfo } from './signature.ts';

/** A reference text, or nothing where a segment has fewer references. */
export type Reference = string | null | undefined;

/** Reference streams: one array per reference set, each as long as the hypotheses. */
export type ReferenceStreams = readonly (readonly Reference[])[];

/** Sufficient statistics of one segment; their sum over segments gives the corpus score. */
export type SegmentStatistics = number[];

/** Options that every metric takes. */
export interface MetricOptions {
  /** References to prepare once and score many systems against. */
  references?: ReferenceStreams;
  /** Receives warnings. Default: the console. */
  logger?: Logger;
}

/** Options of {@link Metric.corpusScore}. */
export interface CorpusScoreOptions {
  /** Bootstrap resamples for a 95% confidence interval; 0 or 1 for none. Default 1. */
  nBootstrap?: number;
  /** Seed of the resampling. Default: `SACREBLEU_SEED`, else 12345. */
  seed?: string | number | bigint;
}

const SCORE_OPTIONS = {
  nBootstrap: integer(0),
  seed: ANYTHING,
} satisfies Record<keyof CorpusScoreOptions, Kind>;

/** The kinds of {@link MetricOptions}. */
export const METRIC_OPTIONS = {
  references: ANYTHING,
  logger: {
    what: 'an object with the functions warn and info',
    accepts: (value) =>
      typeof (value as Logger | null)?.warn === 'function' && typeof (value as Logger).info === 'function',
  },
} satisfies Record<keyof MetricOptions, Kind>;

/** References prepared once; `words` numbers their words, and those of no other references. */
interface Cache<Info> {
  segments: Info[];
  words: Vocabulary;
  nrefs: number | 'var' | undefined;
}

/** Base of {@link BLEU}, {@link CHRF} and {@link TER}. `Info` is a segment's prepared references. */
export abstract class Metric<Info = unknown, S extends Score = Score> implements Scorer {
  protected readonly logger: Logger;
  #cache: Cache<Info> | undefined;
  #resampling: Pick<SignatureInfo, 'bs' | 'seed'> = {};
  #nrefs: number | 'var' | undefined;

  protected constructor(options: MetricOptions) {
    this.logger = options.logger ?? consoleLogger;
  }

  /** The class name, as it stands in messages and tables: `BLEU`, `CHRF` or `TER`. */
  abstract readonly kind: string;

  /** Prepares one segment's references (at least one); `words` numbers their words. */
  protected abstract prepareReferences(references: readonly string[], words: Vocabulary): Info;

  /** Statistics of a hypothesis against references that were prepared with the same `words`. */
  protected abstract segmentStatistics(hypothesis: string, info: Info, words: Vocabulary): SegmentStatistics;

  /** Called once with the hypotheses of a corpus, e.g. to warn about tokenized text. */
  protected inspect(_hypotheses: readonly string[]): void {}

  /** The bare score of summed statistics; `arithmetic` says in which number type. */
  abstract scoreOf(sums: ArrayLike<number>, arithmetic: Arithmetic): TypedScore;

  /** The full score of summed statistics. */
  protected abstract buildScore(sums: ArrayLike<number>): S;

  /** The signature; `info` holds what the base class knows. */
  protected abstract buildSignature(info: SignatureInfo): Signature;

  /** Prepares and keeps the references given to the constructor. */
  protected cacheReferences(references: ReferenceStreams | undefined): void {
    if (references === undefined) return;
    this.#checkStreams(references);
    const words = new Vocabulary();
    const segments = references[0]!.map((_, i) => this.#prepare(references, i, words));
    this.#cache = { segments, words, nrefs: this.#nrefs };
  }

  /**
   * Scores a corpus. Without `references` the ones given to the constructor are used.
   *
   * @throws SacreBleuError when streams differ in length, a segment has no reference, or there are
   * no segments
   */
  corpusScore(
    hypotheses: readonly string[],
    references?: ReferenceStreams | null,
    options: CorpusScoreOptions = {},
  ): S {
    checkOptions(`${this.kind}.corpusScore`, options, SCORE_OPTIONS);
    const statistics = this.extractStatistics(hypotheses, references);
    return this.scoreFromStatistics(statistics, options);
  }

  /** Scores one sentence against its references. */
  sentenceScore(hypothesis: string, references: readonly Reference[]): S {
    if (!Array.isArray(references)) {
      throw this.#invalid(
        'sentenceScore',
        'references must be an array of strings',
        'references',
        references,
      );
    }
    return this.corpusScore(
      [hypothesis],
      references.map((reference) => [reference]),
    );
  }

  /** Statistics per segment, for scoring parts, merging and resampling. */
  extractStatistics(
    hypotheses: readonly string[],
    references?: ReferenceStreams | null,
  ): SegmentStatistics[] {
    this.#checkHypotheses(hypotheses);
    let words: Vocabulary;
    let infoOf: (i: number) => Info;
    if (references) {
      this.#checkStreams(references, hypotheses.length);
      this.#nrefs = undefined;
      words = new Vocabulary();
      infoOf = (i) => this.#prepare(references, i, words);
    } else {
      const cache = this.#cache;
      if (!cache) {
        throw new SacreBleuError(
          'NO_REFERENCES',
          `${this.kind}.corpusScore: no references given and none cached; pass references`,
        );
      }
      const { segments } = cache;
      this.#checkLength(segments.length, hypotheses.length);
      this.#nrefs = cache.nrefs;
      words = cache.words;
      infoOf = (i) => segments[i]!;
    }
    this.inspect(hypotheses);
    return hypotheses.map((hypothesis, i) => this.segmentStatistics(hypothesis, infoOf(i), words));
  }

  /** The score of statistics from {@link extractStatistics} (of this metric with these options). */
  scoreFromStatistics(statistics: readonly SegmentStatistics[], options: CorpusScoreOptions = {}): S {
    if (!Array.isArray(statistics) || !Array.isArray(statistics[0])) {
      throw invalidOption(
        `${this.kind}.scoreFromStatistics`,
        'statistics',
        statistics,
        'those of at least one segment',
      );
    }
    checkOptions(`${this.kind}.scoreFromStatistics`, options, SCORE_OPTIONS);
    const { nBootstrap = 1 } = options;
    checkDraws(`${this.kind}.corpusScore`, 'nBootstrap', nBootstrap, statistics.length);
    const resample =
      nBootstrap > 1
        ? bootstrapConfidence(statistics, this, nBootstrap, resolveSeed(options.seed))
        : undefined;
    if (resample) this.#resampling = { bs: nBootstrap, seed: resample.seed };
    const score = this.buildScore(sumStatistics(statistics));
    if (resample) score.confidence = resample.confidence;
    return score;
  }

  /**
   * The signature of the last scores: how to compute them again.
   *
   * @throws SacreBleuError `NO_REFERENCES` before any reference was seen
   */
  getSignature(): Signature {
    if (this.#nrefs === undefined) {
      throw new SacreBleuError(
        'NO_REFERENCES',
        `${this.kind}.getSignature: number of references unknown; score something first`,
      );
    }
    return this.buildSignature({ nrefs: this.#nrefs, ...this.#resampling });
  }

  /** The options as signature text, without what depends on the data. */
  describe(): string {
    return this.buildSignature({ nrefs: 'var' }).format();
  }

  /** Sets the number of references for scores built from statistics alone. */
  setReferenceCount(nrefs: number | 'var'): void {
    this.#nrefs = nrefs;
  }

  #prepare(streams: ReferenceStreams, segment: number, words: Vocabulary): Info {
    const references: string[] = [];
    for (const stream of streams) {
      const reference = stream[segment];
      if (typeof reference === 'string') references.push(reference);
      else if (reference !== null && reference !== undefined) {
        throw this.#invalid(
          'corpusScore',
          'each reference must be a string or null',
          'references',
          reference,
        );
      }
    }
    if (references.length === 0) {
      throw new SacreBleuError(
        'NO_REFERENCES',
        `${this.kind}.corpusScore: segment ${segment + 1} has no reference; give at least one`,
        'references',
      );
    }
    if (this.#nrefs !== references.length)
      this.#nrefs = this.#nrefs === undefined ? references.length : 'var';
    return this.prepareReferences(references, words);
  }

  #checkHypotheses(hypotheses: readonly string[]): void {
    if (!Array.isArray(hypotheses)) {
      throw this.#invalid('corpusScore', 'hypotheses must be an array of strings', 'hypotheses', hypotheses);
    }
    if (hypotheses.length === 0) {
      throw this.#invalid('corpusScore', 'there must be at least one segment', 'hypotheses', hypotheses);
    }
    const wrong = hypotheses.findIndex((hypothesis) => typeof hypothesis !== 'string');
    if (wrong >= 0) {
      throw this.#invalid(
        'corpusScore',
        `hypothesis ${wrong + 1} must be a string`,
        'hypotheses',
        hypotheses[wrong],
      );
    }
  }

  #checkStreams(streams: ReferenceStreams, segments?: number): void {
    if (
      !Array.isArray(streams) ||
      streams.length === 0 ||
      !streams.every((stream) => Array.isArray(stream))
    ) {
      throw this.#invalid(
        'corpusScore',
        'references must be an array of reference streams (arrays of strings)',
        'references',
        streams,
      );
    }
    for (const stream of streams) this.#checkLength(stream.length, segments ?? streams[0]!.length);
  }

  #checkLength(references: number, hypotheses: number): void {
    if (references === hypotheses) return;
    throw new SacreBleuError(
      'LENGTH_MISMATCH',
      `${this.kind}.corpusScore: system and reference streams have different lengths, got ${hypotheses} and ${references}; align them line by line`,
      'references',
      references,
    );
  }

  #invalid(method: string, fact: string, argument: string, value: unknown): SacreBleuError {
    return new SacreBleuError(
      'INVALID_ARGUMENT',
      `${this.kind}.${method}: ${fact}, got ${shown(value)}`,
      argument,
      value,
    );
  }
}

/** Most numbers that a resampling draws at once: 4 GB of them. */
const MOST_DRAWS = 2 ** 30;

/**
 * Refuses more resamples than memory holds.
 *
 * @throws SacreBleuError `INVALID_ARGUMENT`
 */
export function checkDraws(operation: string, argument: string, samples: number, segments: number): void {
  if (samples * segments <= MOST_DRAWS) return;
  const most = Math.floor(MOST_DRAWS / segments);
  throw invalidOption(operation, argument, samples, `at most ${most} for ${segments} segments`);
}

/** Column sums, added in order of segments. */
export function sumStatistics(statistics: readonly SegmentStatistics[]): number[] {
  const sums = statistics[0]!.slice();
  for (let i = 1; i < statistics.length; i++) {
    const row = statistics[i]!;
    for (let j = 0; j < sums.length; j++) sums[j]! += row[j]!;
  }
  return sums;
}
