// N-gram counts of a sequence of symbols, kept as a trie in one hash table of integers.

const EMPTY = -2;
const ROOT = -1;
/** Integers stored per slot: parent node, symbol, count. */
const FIELDS = 3;

function slotsFor(symbols: number, maxOrder: number): number {
  let slots = 8;
  // A sequence has no n-grams longer than itself.
  while (slots < symbols * Math.min(symbols, maxOrder) * 1.5) slots *= 2;
  return slots;
}

function hash(parent: number, symbol: number): number {
  const mixed = Math.imul(parent + 2, 0x9e3779b1) ^ Math.imul(symbol + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/**
 * Counts of all n-grams up to `maxOrder` of one or more reference sequences. A node of the trie is
 * the slot of the edge that leads to it; its count is the highest over the sequences added, as
 * BLEU's clipping wants it.
 */
export class NgramCounter {
  #table: Int32Array;
  #mask: number;
  #used = 0;

  constructor(
    readonly maxOrder: number,
    expectedSymbols = 0,
  ) {
    const slots = slotsFor(expectedSymbols, maxOrder);
    this.#table = new Int32Array(slots * FIELDS).fill(EMPTY);
    this.#mask = slots - 1;
  }

  /** Adds a sequence of non-negative symbols, merging counts by maximum. */
  add(symbols: Int32Array, length: number): void {
    const { maxOrder } = this;
    const extra = length * Math.min(length, maxOrder);
    if ((this.#used + extra) * 1.5 > this.#mask + 1) this.#grow(this.#used + extra);
    const first = this.#used === 0;
    const table = this.#table;
    const fresh = first ? table : new Int32Array(table.length / FIELDS);
    for (let i = 0; i < length; i++) {
      const end = Math.min(length, i + maxOrder);
      let node = ROOT;
      for (let j = i; j < end; j++) {
        node = this.#insert(node, symbols[j]!);
        if (first) table[node * FIELDS + 2]!++;
        else if (++fresh[node]! > table[node * FIELDS + 2]!) table[node * FIELDS + 2] = fresh[node]!;
      }
    }
  }

  #insert(parent: number, symbol: number): number {
    const table = this.#table;
    let slot = hash(parent, symbol) & this.#mask;
    for (;;) {
      const at = slot * FIELDS;
      if (table[at] === EMPTY) {
        table[at] = parent;
        table[at + 1] = symbol;
        table[at + 2] = 0;
        this.#used++;
        return slot;
      }
      if (table[at] === parent && table[at + 1] === symbol) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  // Slots are the nodes' names, so growing re-inserts parents before children.
  #grow(nodes: number): void {
    const old = this.#table;
    const slots = slotsFor(nodes, 1);
    this.#table = new Int32Array(slots * FIELDS).fill(EMPTY);
    this.#mask = slots - 1;
    this.#used = 0;
    const moved = new Int32Array(old.length / FIELDS).fill(EMPTY);
    const move = (slot: number): number => {
      if (slot === ROOT) return ROOT;
      if (moved[slot] !== EMPTY) return moved[slot]!;
      const to = this.#insert(move(old[slot * FIELDS]!), old[slot * FIELDS + 1]!);
      this.#table[to * FIELDS + 2] = old[slot * FIELDS + 2]!;
      return (moved[slot] = to);
    };
    for (let slot = 0; slot < moved.length; slot++) if (old[slot * FIELDS] !== EMPTY) move(slot);
  }

  /**
   * Adds to `matches[n - 1]` how many n-grams of the hypothesis match, each counted at most as
   * often as here. `onMatch`, if given, sees the start and order of each.
   */
  countMatches(
    symbols: Int32Array,
    length: number,
    matches: Int32Array | number[],
    onMatch?: (start: number, order: number) => void,
  ): void {
    const { maxOrder } = this;
    const table = this.#table;
    const mask = this.#mask;
    const seen = scratch(mask + 1);
    for (let i = 0; i < length; i++) {
      const end = Math.min(length, i + maxOrder);
      let node = ROOT;
      for (let j = i; j < end; j++) {
        const symbol = symbols[j]!;
        let slot = hash(node, symbol) & mask;
        let at = slot * FIELDS;
        while (table[at] !== EMPTY && (table[at] !== node || table[at + 1] !== symbol)) {
          slot = (slot + 1) & mask;
          at = slot * FIELDS;
        }
        if (table[at] === EMPTY) break;
        node = slot;
        if (seen[slot]! < table[at + 2]!) {
          seen[slot]!++;
          matches[j - i]!++;
          onMatch?.(i, j - i + 1);
        }
      }
    }
  }
}

let shared = new Int32Array(4096);

// A zeroed array of at least `size` integers, reused between calls.
function scratch(size: number): Int32Array {
  if (shared.length < size) shared = new Int32Array(size);
  else shared.fill(0, 0, size);
  return shared;
}
