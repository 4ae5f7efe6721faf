// Draws indices in proportion to weights, in constant time.
import { type Rng, ValueError } from '@d2lts/core';

/**
 * Walker's alias method: two random numbers a draw, whatever the number of weights.
 *
 * Source: M. Vose, "A linear algorithm for generating random numbers with a given distribution" (1991).
 *
 * @example
 * const sampler = new AliasSampler([1, 0, 3]);
 * sampler.draw(rng); // 0 in one case of four, else 2
 */
export class AliasSampler {
  readonly #keep: Float64Array;
  readonly #alias: Int32Array;

  /** @throws ValueError when a weight is negative or not finite, or all are 0 */
  constructor(weights: ArrayLike<number>) {
    const n = weights.length;
    let total = 0;
    for (let i = 0; i < n; i++) total += this.#checked(weights[i]!);
    if (!(total > 0)) this.#checked(NaN);
    this.#keep = Float64Array.from(weights, (weight) => (weight * n) / total);
    this.#alias = Int32Array.from(weights, (_, i) => i);
    const small: number[] = [];
    const large: number[] = [];
    this.#keep.forEach((share, i) => (share < 1 ? small : large).push(i));
    while (small.length > 0 && large.length > 0) {
      const less = small.pop()!;
      const more = large.at(-1)!;
      this.#alias[less] = more;
      this.#keep[more]! -= 1 - this.#keep[less]!;
      if (this.#keep[more]! < 1) small.push(large.pop()!);
    }
    // What rounding left over is a whole share, unless its weight is 0.
    const heaviest = this.#keep.length > 0 ? indexOfMax(weights) : 0;
    for (const i of [...small, ...large]) {
      if (weights[i]! > 0) this.#keep[i] = 1;
      else this.#alias[i] = heaviest;
    }
  }

  /** The next index. */
  draw(rng: Rng): number {
    const i = rng.integer(0, this.#keep.length);
    return rng.uniform() < this.#keep[i]! ? i : this.#alias[i]!;
  }

  #checked(weight: number): number {
    if (Number.isFinite(weight) && weight >= 0) return weight;
    throw new ValueError({
      operation: 'AliasSampler',
      fact: 'weights must be finite, not negative, and not all 0',
      value: weight,
      argument: 'weights',
    });
  }
}

function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
