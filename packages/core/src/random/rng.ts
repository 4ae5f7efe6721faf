// The random number generator that everything random takes as an argument; there is no hidden global one.
import { ValueError } from '../errors/index.ts';
import { philoxBlock } from './philox.ts';

/** Everything that determines what an Rng draws next; plain JSON. */
export interface RngState {
  key: [number, number];
  /** The number of blocks drawn, as two 32-bit words, low first. */
  counter: [number, number];
  /** Words already used of the current block, 0 to 4. */
  position: number;
  /** The second value of the last Box-Muller pair, if it has not been used. */
  spare: number | null;
}

const blocksAhead = 64;

/**
 * A counter-based generator (Philox4x32-10): small state, exact save and restore, independent children.
 * The same seed gives the same numbers on every machine.
 *
 * @example
 * const rng = new Rng(42);
 * rng.uniform(); // in [0, 1)
 * rng.integer(0, 10); // 0 to 9
 * rng.permutation(5); // Int32Array of 0 to 4 in random order
 */
export class Rng {
  private key0: number;
  private key1: number;
  private blockLow = 0;
  private blockHigh = 0;
  private spare: number | null = null;
  // Words are made many blocks at a time; `next` counts in words from the start of the buffer.
  private readonly buffer = new Uint32Array(4 * blocksAhead);
  private next = 4 * blocksAhead;

  /** @param seed an integer from 0 to 2⁵³ − 1 */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ValueError({
        operation: 'Rng',
        fact: 'seed must be an integer from 0 to 2^53 - 1',
        value: seed,
        argument: 'seed',
      });
    }
    this.key0 = seed >>> 0;
    this.key1 = Math.floor(seed / 2 ** 32);
  }

  /** The next 32 random bits, an integer in [0, 2³²). */
  uint32(): number {
    if (this.next === this.buffer.length) this.refill();
    return this.buffer[this.next++]!;
  }

  /** Uniform in [low, high) with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const upper = this.uint32() >>> 5;
    const lower = this.uint32() >>> 6;
    return low + (high - low) * ((upper * 2 ** 26 + lower) * 2 ** -53);
  }

  /** Normal with the given mean and standard deviation (Box-Muller). */
  normal(mean = 0, std = 1): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return mean + std * value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return mean + std * (radius * Math.cos(angle));
  }

  /** A uniform integer in [low, high), without bias; the range may span at most 2³² values. */
  integer(low: number, high: number): number {
    const range = high - low;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || range < 1 || range > 2 ** 32) {
      throw new ValueError({
        operation: 'Rng.integer',
        fact: 'low and high must be integers with 1 <= high - low <= 2^32',
        value: [low, high],
        argument: 'high',
      });
    }
    const fair = 2 ** 32 - (2 ** 32 % range);
    let word = this.uint32();
    while (word >= fair) word = this.uint32();
    return low + (word % range);
  }

  /** True with probability `p`. */
  bernoulli(p: number): boolean {
    return this.uniform() < p;
  }

  /** An index drawn in proportion to the weights (not negative, with a positive sum). */
  categorical(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
    if (!(total > 0) || total === Infinity) {
      throw new ValueError({
        operation: 'Rng.categorical',
        fact: 'weights must have a positive, finite sum',
        value: total,
        argument: 'weights',
      });
    }
    let rest = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i]! <= 0) continue;
      last = i;
      rest -= weights[i]!;
      if (rest < 0) return i;
    }
    return last;
  }

  /** The integers 0 to n − 1 in random order. */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    return this.shuffle(order);
  }

  /** Puts an array's items in random order, in place (Fisher-Yates). */
  shuffle<T extends Int32Array | Uint32Array | Float32Array | unknown[]>(items: T): T {
    const list = items as { [index: number]: unknown; length: number };
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(0, i + 1);
      const item = list[i];
      list[i] = list[j];
      list[j] = item;
    }
    return items;
  }

  /** Fills with uniform values in [low, high), 24 random bits each. */
  fillUniform(target: Float32Array, low = 0, high = 1): Float32Array {
    const scale = (high - low) * 2 ** -24;
    // Rounding to float32 may reach `high` itself when `low` is far from zero: the value below it stands in.
    for (let i = 0; i < target.length; i++) {
      target[i] = low + (this.uint32() >>> 8) * scale;
      if (target[i]! >= high && high > low) target[i] = low;
    }
    return target;
  }

  /** Fills with normal values: the same numbers as calling `normal` for each. */
  fillNormal(target: Float32Array, mean = 0, std = 1): Float32Array {
    let i = 0;
    if (this.spare !== null && i < target.length) target[i++] = this.normal(mean, std);
    // Both values of a pair at once: a spare kept in between would be a number object for the garbage collector.
    for (; i + 1 < target.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      target[i] = mean + std * (radius * Math.cos(angle));
      target[i + 1] = mean + std * (radius * Math.sin(angle));
    }
    if (i < target.length) target[i] = this.normal(mean, std);
    return target;
  }

  /** Two fresh 32-bit words that key a dropout mask. */
  seedPair(): [number, number] {
    return [this.uint32(), this.uint32()];
  }

  /** An independent generator, keyed by two words drawn from this one. */
  split(): Rng {
    const child = new Rng(0);
    [child.key0, child.key1] = this.seedPair();
    return child;
  }

  /** A copy that draws the same numbers from here on. */
  clone(): Rng {
    const copy = new Rng(0);
    copy.restore(this.state());
    return copy;
  }

  /** What `restore` needs to go on from here exactly. */
  state(): RngState {
    const made = this.blockHigh * 2 ** 32 + this.blockLow;
    const unused = Math.floor((this.buffer.length - this.next) / 4);
    const drawn = made - unused;
    return {
      key: [this.key0, this.key1],
      counter: [drawn >>> 0, Math.floor(drawn / 2 ** 32)],
      position: this.next % 4 === 0 ? 4 : this.next % 4,
      spare: this.spare,
    };
  }

  /** Goes on from where `state` was taken. */
  restore(state: RngState): void {
    checkState(state);
    [this.key0, this.key1] = state.key;
    this.spare = state.spare;
    [this.blockLow, this.blockHigh] = state.counter;
    this.next = this.buffer.length;
    if (state.position === 4) return;
    // Part of the current block is still to be used: make it again, then skip what was used.
    const drawn = this.blockHigh * 2 ** 32 + this.blockLow - 1;
    this.blockLow = drawn >>> 0;
    this.blockHigh = Math.floor(drawn / 2 ** 32);
    this.refill();
    this.next = state.position;
  }

  private refill(): void {
    for (let i = 0; i < this.buffer.length; i += 4) {
      philoxBlock(this.buffer, i, this.blockLow, this.blockHigh, 0, 0, this.key0, this.key1);
      this.blockLow = (this.blockLow + 1) >>> 0;
      if (this.blockLow === 0) this.blockHigh = (this.blockHigh + 1) >>> 0;
    }
    this.next = 0;
  }
}

function checkState(state: RngState): void {
  const word = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
  const pair = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(word);
  const valid =
    typeof state === 'object' &&
    state !== null &&
    pair(state.key) &&
    pair(state.counter) &&
    state.counter[1] < 2 ** 20 &&
    [1, 2, 3, 4].includes(state.position) &&
    (state.position === 4 || state.counter[0] + state.counter[1] > 0) &&
    (state.spare === null || Number.isFinite(state.spare));
  if (!valid) {
    throw new ValueError({
      operation: 'Rng.restore',
      fact: 'state must be what Rng.state() returned',
      value: state,
      argument: 'state',
    });
  }
}
