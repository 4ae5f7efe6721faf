// Add-α (Laplace) smoothing of n-gram counts.
import { ValueError } from '@d2lts/core';
import type { NgramLanguageModel } from './languageModel.ts';
import type { NgramCounts } from './ngramCounts.ts';

/** Options of {@link LaplaceModel}. */
export interface LaplaceOptions {
  /** Added to each count; 1 is Laplace's rule. Default 1. */
  alpha?: number;
}

/**
 * P(w | context) = (count(context w) + α) / (count(context ·) + α·V), with the book's Laplace smoothing at α = 1.
 *
 * Source: the book's section on language models, "Laplace smoothing".
 */
export class LaplaceModel implements NgramLanguageModel {
  readonly vocabSize: number;
  readonly order: number;
  readonly #counts: NgramCounts;
  readonly #alpha: number;
  readonly #followed: Map<number, number>; // context node → tokens seen after it

  /** @throws ValueError when α is not positive. */
  constructor(counts: NgramCounts, { alpha = 1 }: LaplaceOptions = {}) {
    if (!(alpha > 0))
      throw new ValueError({
        operation: 'LaplaceModel',
        fact: 'alpha must be positive',
        value: alpha,
        argument: 'alpha',
      });
    this.vocabSize = counts.vocabSize;
    this.order = counts.order;
    this.#counts = counts;
    this.#alpha = alpha;
    this.#followed = new Map();
    counts.forEach((_node, _depth, count, parent) => {
      this.#followed.set(parent, (this.#followed.get(parent) ?? 0) + count);
    });
  }

  probability(context: ArrayLike<number>, token: number): number {
    const start = Math.max(0, context.length - this.order + 1);
    const node = this.#counts.find(Array.from(context).slice(start));
    const seen = node === undefined ? undefined : this.#counts.child(node, token);
    const count = seen === undefined ? 0 : this.#counts.countOf(seen);
    const total = node === undefined ? 0 : (this.#followed.get(node) ?? 0);
    return (count + this.#alpha) / (total + this.#alpha * this.vocabSize);
  }
}
