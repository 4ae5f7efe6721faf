// Sums of several numbers, as the book's Accumulator.

/**
 * Accumulates n sums at once. Book: `Accumulator`, softmax-regression-scratch.
 *
 * @example
 * const sums = new Accumulator(2);
 * sums.add(lossOfBatch * size, size);
 * const meanLoss = sums.get(0) / sums.get(1);
 */
export class Accumulator {
  private readonly sums: number[];

  constructor(n: number) {
    this.sums = Array.from({ length: n }, () => 0);
  }

  /** Adds one number to each sum, in order. */
  add(...values: number[]): void {
    values.forEach((value, i) => (this.sums[i] = (this.sums[i] ?? 0) + value));
  }

  /** The sum at an index. */
  get(index: number): number {
    return this.sums[index] ?? 0;
  }

  /** Sets all sums to zero. */
  reset(): void {
    this.sums.fill(0);
  }
}
