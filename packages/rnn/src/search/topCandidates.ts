// The best continuations of a step: a bounded min-heap over (row, token) pairs.

/** A continuation: the row it goes on from, its token, and the summed log-probability. */
export interface Candidate {
  row: number;
  token: number;
  total: number;
}

/** Keeps the `size` best of what it sees; among equals the earlier row, then the smaller token. */
export class TopCandidates {
  private readonly heap: Candidate[] = [];

  constructor(private readonly size: number) {}

  /** Offers all tokens of a row; impossible ones (−∞) are never taken. */
  addRow(row: number, total: number, logProbs: Float32Array): void {
    const { heap, size } = this;
    let bound = heap.length < size ? -Infinity : heap[0]!.total;
    for (let token = 0; token < logProbs.length; token++) {
      const sum = total + logProbs[token]!;
      // Rows and tokens come in order, so that an equal one loses against those that are in. NaN loses always.
      if (!(sum > bound)) continue;
      if (heap.length < size) this.push({ row, token, total: sum });
      else this.replaceTop({ row, token, total: sum });
      if (heap.length === size) bound = heap[0]!.total;
    }
  }

  /** Best first. */
  sorted(): Candidate[] {
    return [...this.heap].sort((a, b) => (worse(a, b) ? 1 : -1));
  }

  private push(item: Candidate): void {
    const { heap } = this;
    let child = heap.length;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!worse(item, heap[parent]!)) break;
      heap[child] = heap[parent]!;
      child = parent;
    }
    heap[child] = item;
  }

  private replaceTop(item: Candidate): void {
    const { heap } = this;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child += 1;
      if (!worse(heap[child]!, item)) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = item;
  }
}

function worse(a: Candidate, b: Candidate): boolean {
  if (a.total !== b.total) return a.total < b.total;
  return a.row !== b.row ? a.row > b.row : a.token > b.token;
}
