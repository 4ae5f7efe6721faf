// PCG64 (XSL-RR 128/64), numpy's default generator, in 32-bit arithmetic.
// Paper: M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
// Algorithms for Random Number Generation", HMC-CS-2014-0905.

import { seedWords } from './seed-sequence.ts';

// The multiplier 0x2360ed051fc65da44385df649fccf645 in 16-bit digits, lowest first. Products of a
// 32-bit word and a digit stay below 2^48, so that sums of them are exact in doubles.
const M0 = 0xf645;
const M1 = 0x9fcc;
const M2 = 0xdf64;
const M3 = 0x4385;
const M4 = 0x5da4;
const M5 = 0x1fc6;
const M6 = 0xed05;
const M7 = 0x2360;
const SHIFT_16 = 2 ** -16;

/** The stream of `np.random.default_rng(seed)`, as 32-bit words. */
export class Pcg64 {
  // State and increment in 32-bit words, lowest first.
  #s0 = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;
  readonly #increment: Uint32Array;
  // The upper half of the last 64-bit output, still to be handed out.
  #spare = 0;
  #hasSpare = false;

  /** @param seed non-negative integer, of any size */
  constructor(seed: bigint) {
    // Eight words: 64-bit halves with the high half first, each with its low word first.
    const w = seedWords(seed, 8);
    const sequence = [w[6]!, w[7]!, w[4]!, w[5]!];
    this.#increment = Uint32Array.from(
      sequence,
      (word, i) => (word << 1) | (i === 0 ? 1 : sequence[i - 1]! >>> 31),
    );
    this.#step();
    this.#add(Uint32Array.of(w[2]!, w[3]!, w[0]!, w[1]!));
    this.#step();
  }

  #add(words: Uint32Array): void {
    let sum = this.#s0 + words[0]!;
    this.#s0 = sum >>> 0;
    sum = this.#s1 + words[1]! + (sum > 0xffffffff ? 1 : 0);
    this.#s1 = sum >>> 0;
    sum = this.#s2 + words[2]! + (sum > 0xffffffff ? 1 : 0);
    this.#s2 = sum >>> 0;
    this.#s3 = (this.#s3 + words[3]! + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  }

  // state = state * multiplier + increment (mod 2^128), digit by 16-bit digit.
  #step(): void {
    const a = this.#s0;
    const b = this.#s1;
    const c = this.#s2;
    const d = this.#s3;
    const increment = this.#increment;
    let digit = a * M0 + increment[0]!;
    let carry = Math.floor(digit * SHIFT_16);
    const low0 = digit - carry * 65536;
    digit = a * M1 + carry;
    carry = Math.floor(digit * SHIFT_16);
    this.#s0 = (digit - carry * 65536) * 65536 + low0;
    digit = a * M2 + b * M0 + increment[1]! + carry;
    carry = Math.floor(digit * SHIFT_16);
    const low2 = digit - carry * 65536;
    digit = a * M3 + b * M1 + carry;
    carry = Math.floor(digit * SHIFT_16);
    this.#s1 = (digit - carry * 65536) * 65536 + low2;
    digit = a * M4 + b * M2 + c * M0 + increment[2]! + carry;
    carry = Math.floor(digit * SHIFT_16);
    const low4 = digit - carry * 65536;
    digit = a * M5 + b * M3 + c * M1 + carry;
    carry = Math.floor(digit * SHIFT_16);
    this.#s2 = (digit - carry * 65536) * 65536 + low4;
    digit = a * M6 + b * M4 + c * M2 + d * M0 + increment[3]! + carry;
    carry = Math.floor(digit * SHIFT_16);
    const low6 = digit - carry * 65536;
    digit = a * M7 + b * M5 + c * M3 + d * M1 + carry;
    carry = Math.floor(digit * SHIFT_16);
    this.#s3 = (digit - carry * 65536) * 65536 + low6;
  }

  /** The next 32-bit word: the low, then the high half of each 64-bit output. */
  next32(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    this.#step();
    const low = this.#s0 ^ this.#s2;
    const high = this.#s1 ^ this.#s3;
    const rotation = this.#s3 >>> 26;
    const shift = rotation & 31;
    const [first, second] = rotation < 32 ? [low, high] : [high, low];
    this.#hasSpare = true;
    if (shift === 0) {
      this.#spare = second >>> 0;
      return first >>> 0;
    }
    this.#spare = ((second >>> shift) | (first << (32 - shift))) >>> 0;
    return ((first >>> shift) | (second << (32 - shift))) >>> 0;
  }
}
