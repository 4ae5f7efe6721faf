// Interpolated Kneser-Ney smoothing with one or three discounts an order.
import type { NgramLanguageModel } from './languageModel.ts';
import type { NgramCounts } from './ngramCounts.ts';

/** Options of {@link KneserNeyModel}. */
export interface KneserNeyOptions {
  /**
   * 'modified': three discounts an order, for counts of 1, 2 and more, estimated from counts of counts;
   * 'single': the one discount n1 / (n1 + 2·n2). Default 'modified'.
   */
  discounts?: 'modified' | 'single';
}

/** Statistics of one context: its count mass and the weight it leaves to shorter contexts. */
interface Context {
  total: number;
  discounted: number;
}

/**
 * Interpolated Kneser-Ney: the highest order uses how often an n-gram was seen, every lower order in how many
 * different contexts it was seen; each order takes a discount off its counts and gives it to the next shorter
 * context, the shortest to the uniform distribution.
 *
 * Source: S. F. Chen and J. Goodman, "An Empirical Study of Smoothing Techniques for Language Modeling" (1999),
 * equations for modified Kneser-Ney.
 *
 * @example
 * ```ts
 * const model = new KneserNeyModel(new NgramCounts(5, vocab.size).add(trainingIds));
 * scoreNgrams(model, heldOutIds).perplexity;
 * ```
 */
export class KneserNeyModel implements NgramLanguageModel {
  readonly vocabSize: number;
  readonly order: number;
  /** `discounts[k − 1]` are those of n-grams of length k, for counts of 1, 2 and ≥ 3. */
  readonly discounts: readonly (readonly [number, number, number])[];
  readonly #counts: NgramCounts;
  readonly #mass: Float64Array; // node → count (highest order) or number of different left neighbours
  readonly #contexts = new Map<number, Context>();

  constructor(counts: NgramCounts, { discounts = 'modified' }: KneserNeyOptions = {}) {
    this.vocabSize = counts.vocabSize;
    this.order = counts.order;
    this.#counts = counts;
    this.#mass = massOf(counts);
    this.discounts = estimateDiscounts(counts, this.#mass, discounts);
    counts.forEach((node, depth, _count, parent) => {
      const mass = this.#mass[node]!;
      if (mass === 0) return;
      const context = this.#contexts.get(parent) ?? { total: 0, discounted: 0 };
      context.total += mass;
      context.discounted += this.#discount(depth, mass);
      this.#contexts.set(parent, context);
    });
  }

  probability(context: ArrayLike<number>, token: number): number {
    const history = Array.from(context).slice(Math.max(0, context.length - this.order + 1));
    let probability = 1 / this.vocabSize;
    // From the shortest context to the longest: each takes its discount and adds what the shorter one says.
    for (let length = 0; length <= history.length; length++) {
      const node = this.#counts.find(history.slice(history.length - length));
      const statistics = node === undefined ? undefined : this.#contexts.get(node);
      if (node === undefined || statistics === undefined) break; // longer contexts were not seen either
      const seen = this.#counts.child(node, token);
      const mass = seen === undefined ? 0 : this.#mass[seen]!;
      const kept = mass === 0 ? 0 : mass - this.#discount(length + 1, mass);
      probability = (kept + statistics.discounted * probability) / statistics.total;
    }
    return probability;
  }

  #discount(depth: number, mass: number): number {
    return this.discounts[depth - 1]![Math.min(mass, 3) - 1]!;
  }
}

function massOf(counts: NgramCounts): Float64Array {
  const mass = new Float64Array(counts.size + 1);
  counts.forEach((node, depth, count, _parent, suffix) => {
    if (depth === counts.order) mass[node] = count;
    if (depth > 1) mass[suffix]! += 1; // one more left neighbour of the suffix
  });
  return mass;
}

function estimateDiscounts(
  counts: NgramCounts,
  mass: Float64Array,
  kind: 'modified' | 'single',
): [number, number, number][] {
  // frequencies[k][c]: how many n-grams of length k + 1 have mass c, c from 1 to 4
  const frequencies = Array.from({ length: counts.order }, () => [0, 0, 0, 0, 0]);
  counts.forEach((node, depth) => {
    const c = mass[node]!;
    if (c >= 1 && c <= 4) frequencies[depth - 1]![c]! += 1;
  });
  return frequencies.map(([, n1, n2, n3, n4]) => {
    const base = n1! / (n1! + 2 * n2!) || 0.5; // 0.5 where nothing was seen once or twice
    if (kind === 'single') return [base, base, base];
    const modified = (c: number, here: number, next: number) =>
      here === 0 ? base : Math.min(Math.max(c - ((c + 1) * base * next) / here, 0.01), c - 0.01);
    return [modified(1, n1!, n2!), modified(2, n2!, n3!), modified(3, n3!, n4!)];
  });
}
