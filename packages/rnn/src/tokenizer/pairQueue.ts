// The merge candidates of BPE training: a binary heap, most frequent pair first, ties to the smaller ids.

/** A pair of adjacent symbols and how often it was seen when it was queued. */
export interface PairEntry {
  left: number;
  right: number;
  count: number;
}

/** A max-heap of pairs. Entries may be stale: the trainer compares the count with the true one when it pops. */
export class PairQueue {
  private readonly items: PairEntry[] = [];

  get size(): number {
    return this.items.length;
  }

  push(entry: PairEntry): void {
    const { items } = this;
    let child = items.length;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(entry, items[parent]!)) break;
      items[child] = items[parent]!;
      child = parent;
    }
    items[child] = entry;
  }

  pop(): PairEntry | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1;
      if (!before(items[child]!, last)) break;
      items[parent] = items[child]!;
      parent = child;
    }
    items[parent] = last;
    return top;
  }
}

function before(a: PairEntry, b: PairEntry): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}
