// Incremental scoring: add segments as they come, merge parts scored elsewhere, score at any time.

import { SacreBleuError } from '../errors.ts';
import { invalidOption } from '../options.ts';
import type { CorpusScoreOptions, Metric, Reference, SegmentStatistics } from './metric.ts';
import type { Score } from './score.ts';

/** What an accumulator holds; plain JSON, so that parts can be scored in workers and sent back. */
export interface PartialStatistics {
  /** The metric's signature without number of references, to refuse merging what does not belong together. */
  metric: string;
  /** Statistics per segment. */
  statistics: SegmentStatistics[];
  /** References per segment; `var` when they differ, null when empty. */
  nrefs: number | 'var' | null;
}

/**
 * Scores a growing corpus.
 *
 * @example
 * ```ts
 * import { Accumulator, BLEU } from 'sacrebleu-ts';
 *
 * const running = new Accumulator(new BLEU());
 * running.add('The dog bit the man.', ['The dog had bit the man.']);
 * running.score().score;
 * ```
 */
export class Accumulator<S extends Score> {
  readonly #metric: Metric<unknown, S>;
  readonly #statistics: SegmentStatistics[] = [];
  #nrefs: number | 'var' | undefined;

  constructor(metric: Metric<unknown, S>) {
    this.#metric = metric;
  }

  /** Segments added so far. */
  get length(): number {
    return this.#statistics.length;
  }

  /** Adds one segment with its references; returns the accumulator. */
  add(hypothesis: string, references: readonly Reference[]): this {
    if (!Array.isArray(references))
      throw invalidOption('Accumulator.add', 'references', references, 'an array of strings');
    const present = references.filter((reference) => reference !== null && reference !== undefined);
    this.#statistics.push(
      ...this.#metric.extractStatistics(
        [hypothesis],
        present.map((reference) => [reference]),
      ),
    );
    this.#count(present.length);
    return this;
  }

  /**
   * Adds what another accumulator of the same metric, or its {@link toJSON}, holds.
   *
   * @throws SacreBleuError `INVALID_ARGUMENT` when the metrics differ
   */
  merge(other: Accumulator<S> | PartialStatistics): this {
    const part = other instanceof Accumulator ? other.toJSON() : other;
    if (!Array.isArray(part?.statistics))
      throw invalidOption('Accumulator.merge', 'other', part, 'an accumulator or what its toJSON gave');
    const own = this.#metricName();
    if (part.metric !== own) {
      throw new SacreBleuError(
        'INVALID_ARGUMENT',
        `Accumulator.merge: parts must come from the same metric, got ${part.metric} for ${own}; use equal options`,
        'other',
        part.metric,
      );
    }
    for (const row of part.statistics) this.#statistics.push(row.slice());
    if (part.nrefs !== null) this.#count(part.nrefs);
    return this;
  }

  /**
   * The corpus score of all segments so far, the same as from scoring them at once.
   *
   * @throws SacreBleuError `NO_REFERENCES` when nothing was added
   */
  score(options?: CorpusScoreOptions): S {
    if (this.#nrefs === undefined) {
      throw new SacreBleuError('NO_REFERENCES', 'Accumulator.score: no segments yet; add some first');
    }
    this.#metric.setReferenceCount(this.#nrefs);
    return this.#metric.scoreFromStatistics(this.#statistics, options);
  }

  /** The statistics as plain data. */
  toJSON(): PartialStatistics {
    return { metric: this.#metricName(), statistics: this.#statistics, nrefs: this.#nrefs ?? null };
  }

  #count(nrefs: number | 'var'): void {
    if (this.#nrefs !== nrefs) this.#nrefs = this.#nrefs === undefined ? nrefs : 'var';
  }

  #metricName(): string {
    return `${this.#metric.kind}|${this.#metric.describe()}`;
  }
}
