// The draws sacreBLEU makes from `np.random.default_rng(seed)`.

import { Pcg64 } from './pcg64.ts';

/** The part of numpy's `Generator` that the significance tests use. */
export class Generator {
  readonly #bits: Pcg64;

  /** @param seed non-negative integer of any size */
  constructor(seed: bigint) {
    this.#bits = new Pcg64(seed);
  }

  /**
   * `rng.choice(size, count)`: indices below `size` drawn with replacement, unbiased by rejection
   * (D. Lemire, "Fast Random Integer Generation in an Interval", 2019).
   */
  choice(size: number, count: number): Uint32Array {
    const out = new Uint32Array(count);
    if (size <= 1) return out;
    const threshold = (0x100000000 - size) % size;
    // A 32-bit word times the size: exact in doubles up to 2^21, in two halves above.
    const small = size <= 0x200000;
    const bits = this.#bits;
    for (let i = 0; i < count; i++) {
      let word: number;
      let low: number;
      do {
        word = bits.next32();
        low = Math.imul(word, size) >>> 0;
      } while (low < threshold);
      if (small) out[i] = (word * size - low) / 0x100000000;
      else out[i] = Number((BigInt(word) * BigInt(size)) >> 32n);
    }
    return out;
  }

  /** `rng.integers(2, size=count, dtype=bool)` packed: the draw `i` is bit `i % 32` of word `i >> 5`. */
  booleans(count: number): Uint32Array {
    const out = new Uint32Array((count + 31) >>> 5);
    for (let i = 0; i < out.length; i++) out[i] = this.#bits.next32();
    return out;
  }
}
