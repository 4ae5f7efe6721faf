// The allocator of the kernels' heap. Small blocks come from size classes, eight a power of two, with free lists; large
// ones from the lowest free range that holds them, and neighbours that are free become one range. Blocks are multiples
// of 64 bytes.

/** Words (floats) of one unit: a cache line. */
const UNIT = 16;

/** From this many words on (64 KiB), a block is large. */
const LARGE = 2 ** 14;

/** Words of a slab, from which small blocks are cut. */
const SLAB = 2 ** 16;

/** A block has fewer words than this (8 GiB). */
const LIMIT = 2 ** 31;

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

/** The class of a size in units, and the units that blocks of a class have. */
function classOf(units: number): number {
  if (units <= 16) return units;
  const exponent = 31 - Math.clz32(units - 1); // 2^exponent < units <= 2^(exponent + 1)
  return 16 + (exponent - 4) * 8 + (((units - 1) >>> (exponent - 3)) & 7) + 1;
}
function unitsOf(sizeClass: number): number {
  if (sizeClass <= 16) return sizeClass;
  const step = sizeClass - 17;
  const exponent = (step >> 3) + 4;
  return 2 ** exponent + ((step & 7) + 1) * 2 ** (exponent - 3);
}

/** Hands out blocks of the heap as offsets in words. A small block wastes at most an eighth of the request. */
export class Heap {
  // Small blocks that are free, by class, and what is left of the slab.
  readonly #free: number[][] = Array.from({ length: classOf(LARGE / UNIT) + 1 }, () => []);
  #slab = 0;
  #slabEnd = 0;
  // The free ranges, in order; no two touch.
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  readonly #ensure: (endInWords: number) => void;
  readonly #guard: ((offset: number, words: number, forbidden: boolean) => void) | undefined;
  readonly #start: number;
  #top: number;
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
  }

  /** A block of at least `words` words; its contents are arbitrary. */
  allocate(words: number): number {
    const size = this.#sizeOf(words);
    const offset = size < LARGE ? this.#takeSmall(size) : this.#takeRange(size);
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
    const size = this.#sizeOf(words);
    if (size < LARGE) this.#free[classOf(size / UNIT)]!.push(offset);
    else this.#giveRange(offset, offset + size);
    this.#used -= size;
    this.#blocks -= 1;
    this.#guard?.(offset, size, true);
  }

  /** Forgets every block. */
  reset(): void {
    for (const list of this.#free) list.length = 0;
    this.#from.length = 0;
    this.#to.length = 0;
    this.#slab = this.#slabEnd = 0;
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

  #sizeOf(words: number): number {
    const units = Math.max(1, Math.ceil((this.#guard ? words + 2 * UNIT : words) / UNIT));
    return units * UNIT < LARGE ? unitsOf(classOf(units)) * UNIT : units * UNIT;
  }

  #takeSmall(size: number): number {
    const offset = this.#free[classOf(size / UNIT)]!.pop();
    if (offset !== undefined) return offset;
    if (this.#slab + size > this.#slabEnd) {
      const rest = [this.#slab, this.#slabEnd] as const;
      try {
        this.#slab = this.#takeRange(SLAB);
      } catch {
        return this.#takeRange(size); // no room for a slab
      }
      this.#slabEnd = this.#slab + SLAB;
      if (rest[0] < rest[1]) this.#giveRange(...rest);
    }
    this.#slab += size;
    return this.#slab - size;
  }

  /** The lowest free words, or new ones. */
  #takeRange(size: number): number {
    const [from, to] = [this.#from, this.#to];
    for (let i = 0; i < from.length; ++i) {
      const offset = from[i]!;
      if (to[i]! - offset < size) continue;
      if (to[i]! - offset > size) from[i] = offset + size;
      else {
        from.splice(i, 1);
        to.splice(i, 1);
      }
      return offset;
    }
    if (size > LIMIT)
      throw new RangeError(
        `heap: a tensor of ${size * 4} bytes is too large, the limit is 8 GiB; use smaller batches`,
      );
    const extend = to.at(-1) === this.#top;
    const offset = extend ? from.at(-1)! : this.#top;
    this.#ensure(offset + size);
    if (extend) {
      from.pop();
      to.pop();
    }
    this.#top = offset + size;
    return offset;
  }

  #giveRange(offset: number, end: number): void {
    const [from, to] = [this.#from, this.#to];
    let low = 0; // the first range after it
    for (let high = from.length; low < high;) {
      const middle = (low + high) >> 1;
      if (from[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    const before = low > 0 && to[low - 1] === offset;
    const after = from[low] === end;
    if (before && after) {
      to[low - 1] = to[low]!;
      from.splice(low, 1);
      to.splice(low, 1);
    } else if (before) to[low - 1] = end;
    else if (after) from[low] = offset;
    else {
      from.splice(low, 0, offset);
      to.splice(low, 0, end);
    }
  }
}
