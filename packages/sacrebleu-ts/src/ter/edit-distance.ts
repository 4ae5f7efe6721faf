// Levenshtein distance of word sequences within a beam around the diagonal, with its edits.

/** Half the width of the band of the matrix that is computed, in words. */
const BEAM_WIDTH = 25;
const INFINITE = 0x3fffffff;

/** Edits that turn the hypothesis into the reference. */
export const Edit = { None: 0, Substitute: 1, Delete: 2, Insert: 3 } as const;

/** The distance to one reference, for many variants of a hypothesis of fixed length. */
export class BeamEditDistance {
  readonly #reference: Int32Array;
  readonly #rows: number;
  readonly #columns: number;
  readonly #ratio: number;
  readonly #beam: number;
  // The matrix of the last hypothesis given to `align`, row by row.
  readonly #costs: Int32Array;
  readonly #edits: Uint8Array;
  #base: Int32Array = new Int32Array(0);
  #previous: Int32Array;
  #current: Int32Array;

  constructor(reference: Int32Array, hypothesisLength: number) {
    this.#reference = reference;
    this.#rows = hypothesisLength;
    this.#columns = reference.length + 1;
    this.#ratio = hypothesisLength > 0 ? reference.length / hypothesisLength : 1;
    // Very unequal lengths need a wider band, or successive rows would not overlap.
    this.#beam = BEAM_WIDTH < this.#ratio / 2 ? Math.ceil(this.#ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH;
    this.#costs = new Int32Array((hypothesisLength + 1) * this.#columns);
    this.#edits = new Uint8Array(this.#costs.length);
    this.#previous = new Int32Array(this.#columns);
    this.#current = new Int32Array(this.#columns);
    for (let j = 0; j < this.#columns; j++) {
      this.#costs[j] = j;
      this.#edits[j] = Edit.Insert;
    }
  }

  /** Computes the matrix of a hypothesis, keeps it for {@link distance}, and returns the distance. */
  align(words: Int32Array): number {
    const columns = this.#columns;
    for (let i = 1; i <= this.#rows; i++) {
      const from = (i - 1) * columns;
      const to = i * columns;
      this.#fillRow(
        i,
        words[i - 1]!,
        this.#costs.subarray(from, to),
        this.#costs.subarray(to, to + columns),
        this.#edits.subarray(to, to + columns),
      );
    }
    this.#base = words;
    return this.#costs[this.#costs.length - 1]!;
  }

  /** The edits of the last aligned hypothesis, from the last word to the first. */
  trace(): number[] {
    const edits: number[] = [];
    let i = this.#rows;
    let j = this.#columns - 1;
    while (i > 0 || j > 0) {
      const edit = this.#edits[i * this.#columns + j]!;
      edits.push(edit);
      if (edit !== Edit.Insert) i--;
      if (edit !== Edit.Delete) j--;
    }
    return edits;
  }

  /** The distance of a variant that equals the last aligned hypothesis outside `[start, end)`. */
  distance(words: Int32Array, start: number, end: number): number {
    const columns = this.#columns;
    let first = start;
    while (first < end && words[first] === this.#base[first]) first++;
    if (first >= end) return this.#costs[this.#costs.length - 1]!;
    let previous = this.#costs.subarray(first * columns, (first + 1) * columns);
    for (let i = first + 1; i <= this.#rows; i++) {
      const row = this.#current;
      this.#fillRow(i, words[i - 1]!, previous, row, undefined);
      // Past the changed words, a row equal to the aligned one leads to the same distance.
      if (i >= end && this.#equalsAligned(row, i)) return this.#costs[this.#costs.length - 1]!;
      this.#current = this.#previous;
      this.#previous = row;
      previous = row;
    }
    return previous[columns - 1]!;
  }

  #equalsAligned(row: Int32Array, i: number): boolean {
    const offset = i * this.#columns;
    for (let j = 0; j < row.length; j++) if (row[j] !== this.#costs[offset + j]) return false;
    return true;
  }

  // On ties: keep or substitute, then delete, then insert; Tercom's preference seen from the reference.
  #fillRow(
    i: number,
    word: number,
    previous: Int32Array,
    row: Int32Array,
    edits: Uint8Array | undefined,
  ): void {
    const reference = this.#reference;
    const diagonal = Math.floor(i * this.#ratio);
    const start = Math.max(0, diagonal - this.#beam);
    const end = i === this.#rows ? this.#columns : Math.min(this.#columns, diagonal + this.#beam);
    if (start > 0) row.fill(INFINITE, 0, start);
    if (end < this.#columns) row.fill(INFINITE, end);
    let j = start;
    let left = INFINITE;
    if (j === 0) {
      row[0] = left = previous[0]! + 1;
      if (edits) edits[0] = Edit.Delete;
      j = 1;
    }
    for (; j < end; j++) {
      const same = word === reference[j - 1];
      let cost = previous[j - 1]! + (same ? 0 : 1);
      let edit: number = same ? Edit.None : Edit.Substitute;
      const above = previous[j]! + 1;
      if (above < cost) {
        cost = above;
        edit = Edit.Delete;
      }
      if (left + 1 < cost) {
        cost = left + 1;
        edit = Edit.Insert;
      }
      // Unreached cells keep one common value, as if never written.
      left = cost < INFINITE ? cost : INFINITE;
      row[j] = left;
      if (edits) edits[j] = edit;
    }
  }
}
