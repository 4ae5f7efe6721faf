// The allocator of the kernels' heap: size classes, eight a power of two (of large blocks 32), with free lists; blocks
// are multiples of 64 bytes.

/** Words (floats) of one unit: a cache line. */
const UNIT = 16;

/** What the allocator reports, in bytes. */
export interface HeapStatistics {
  /** Bytes in blocks that are handed out. */
  used: number;
  /** The most `used` has been. */
  peak: number;
  /** Bytes between the heap's start and the end of the last block ever handed out. */
  reserved: number;
  /** Blocks handed out. */
  blocks: number;
}

/** Powers of two of the first divided sizes and of the first finely divided ones (a megabyte), in units. */
const [FIRST, FINE] = [4, 14];
/** The last class before the finely divided ones. */
const COARSE = 16 + (FINE - FIRST) * 8;

/** The class of a size in units, and the units that blocks of a class have. */
function classOf(units: number): number {
  if (units <= 16) return units;
  const exponent = 31 - Math.clz32(units - 1); // 2^exponent < units <= 2^(exponent + 1)
  if (exponent >= FINE) {
    return COARSE + (exponent - FINE) * 32 + (((units - 1) >>> (exponent - 5)) & 31) + 1;
  }
  return 16 + (exponent - FIRST) * 8 + (((units - 1) >>> (exponent - 3)) & 7) + 1;
}
function unitsOf(sizeClass: number): number {
  if (sizeClass <= 16) return sizeClass;
  if (sizeClass > COARSE) {
    const step = sizeClass - COARSE - 1;
    const exponent = (step >> 5) + FINE;
    return 2 ** exponent + ((step & 31) + 1) * 2 ** (exponent - 5);
  }
  const step = sizeClass - 17;
  const exponent = (step >> 3) + FIRST;
  return 2 ** exponent + ((step & 7) + 1) * 2 ** (exponent - 3);
}

/** From this many words on, a block may serve a request that is up to a quarter of a power of two smaller. */
const LARGE = 2 ** 14;

/**
 * Hands out blocks of the heap as offsets in words. A freed block serves later requests of its size class, or, when
 * it is large, of somewhat smaller ones. A fresh block wastes at most an eighth of the request (a 32nd of a megabyte or
 * more), a borrowed one two fifths.
 */
export class Heap {
  readonly #free: number[][] = [];
  readonly #ensure: (endInWords: number) => void;
  readonly #guard: ((offset: number, words: number, forbidden: boolean) => void) | undefined;
  readonly #start: number;
  #top: number;
  // Blocks that serve a smaller class than their own, by offset.
  readonly #borrowed = new Map<number, number>();
  #used = 0;
  #peak = 0;
  #blocks = 0;

  /**
   * @param start First free word.
   * @param ensure Makes the heap reach at least the given word, or throws when it cannot.
   * @param guard Sanitizer builds: forbids or allows access to a range. Blocks then end in a forbidden zone.
   */
  constructor(
    start: number,
    ensure: (endInWords: number) => void,
    guard?: (offset: number, words: number, forbidden: boolean) => void,
  ) {
    this.#guard = guard;
    this.#start = Math.ceil(start / UNIT) * UNIT;
    this.#top = this.#start;
    this.#ensure = ensure;
    for (let i = 0; i <= classOf(2 ** 27); ++i) this.#free.push([]);
  }

  /** A block of at least `words` words; its contents are arbitrary. */
  allocate(words: number): number {
    const sizeClass = this.#classFor(words);
    let size = unitsOf(sizeClass) * UNIT;
    let offset = this.#free[sizeClass]?.pop();
    if (offset === undefined && size >= LARGE) {
      offset = this.#borrow(sizeClass, sizeClass + (sizeClass > COARSE ? 8 : 2));
      if (offset !== undefined) size = unitsOf(this.#borrowed.get(offset) as number) * UNIT;
    }
    if (offset === undefined) {
      try {
        offset = this.#fresh(sizeClass, size);
      } catch (error) {
        offset = this.#borrow(sizeClass, this.#free.length - 1); // rather a wasteful block than none
        if (offset === undefined) throw error;
        size = unitsOf(this.#borrowed.get(offset) as number) * UNIT;
      }
    }
    this.#used += size;
    this.#blocks += 1;
    if (this.#used > this.#peak) this.#peak = this.#used;
    if (this.#guard) {
      this.#guard(offset, words, false);
      this.#guard(offset + words, size - words, true);
    }
    return offset;
  }

  /** Takes back what `allocate(words)` returned. */
  release(offset: number, words: number): void {
    const own = this.#borrowed.size > 0 ? this.#borrowed.get(offset) : undefined;
    if (own !== undefined) this.#borrowed.delete(offset);
    const sizeClass = own ?? this.#classFor(words);
    const size = unitsOf(sizeClass) * UNIT;
    this.#free[sizeClass]?.push(offset);
    this.#used -= size;
    this.#blocks -= 1;
    this.#guard?.(offset, size, true);
  }

  /** Forgets every block. */
  reset(): void {
    for (const list of this.#free) list.length = 0;
    this.#borrowed.clear();
    this.#top = this.#start;
    this.#used = 0;
    this.#blocks = 0;
  }

  /** Sets the peak back to what is in use now. */
  resetPeak(): void {
    this.#peak = this.#used;
  }

  statistics(): HeapStatistics {
    return {
      used: this.#used * 4,
      peak: this.#peak * 4,
      reserved: (this.#top - this.#start) * 4,
      blocks: this.#blocks,
    };
  }

  /** A free block of a class above `sizeClass`, up to `last`. */
  #borrow(sizeClass: number, last: number): number | undefined {
    for (let larger = sizeClass + 1; larger <= last; ++larger) {
      const offset = this.#free[larger]?.pop();
      if (offset === undefined) continue;
      this.#borrowed.set(offset, larger);
      return offset;
    }
    return undefined;
  }

  #classFor(words: number): number {
    return classOf(Math.max(1, Math.ceil((this.#guard ? words + 2 * UNIT : words) / UNIT)));
  }

  #fresh(sizeClass: number, size: number): number {
    if (sizeClass >= this.#free.length)
      throw new RangeError(
        `heap: a tensor of ${size * 4} bytes is too large, the limit is 8 GiB; use smaller batches`,
      );
    const offset = this.#top;
    this.#ensure(offset + size);
    this.#top = offset + size;
    return offset;
  }
}
