// Fast exact sums of chosen table rows: several small integers share one double.

import type { Table } from './resampling.ts';

/** Bits of an integer that a double holds exactly. */
const DOUBLE_BITS = 53;

/** A table whose columns are packed, `perWord` of them in each double, lowest first. */
interface Packed {
  words: Float64Array;
  wordsPerRow: number;
  perWord: number;
  /** 2 to the bits of one column; sums stay below it. */
  base: number;
}

function pack(table: Table): Packed {
  const { rows, columns, data } = table;
  const bits = Math.max(1, Math.ceil(Math.log2(table.largestSum + 1)));
  const perWord = Math.max(1, Math.floor(DOUBLE_BITS / bits));
  const base = 2 ** bits;
  const wordsPerRow = Math.ceil(columns / perWord);
  const words = new Float64Array(rows * wordsPerRow);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      words[row * wordsPerRow + Math.floor(column / perWord)]! +=
        data[row * columns + column]! * base ** (column % perWord);
    }
  }
  return { words, wordsPerRow, perWord, base };
}

/**
 * A function that writes the column sums of the rows `indices[from, from + table.rows)` to `sums`,
 * for tables of non-negative integers whose sums fit into 53 bits.
 */
export function packedSums(table: Table, indices: Uint32Array): (from: number, sums: Float64Array) => void {
  const { words, wordsPerRow, perWord, base } = pack(table);
  const { rows, columns } = table;
  const totals = new Float64Array(wordsPerRow + 3);
  return (from, sums) => {
    const to = from + rows;
    let word = 0;
    // Four running sums at a time stay in registers.
    for (; word + 4 <= wordsPerRow; word += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = from; i < to; i++) {
        const at = indices[i]! * wordsPerRow + word;
        a += words[at]!;
        b += words[at + 1]!;
        c += words[at + 2]!;
        d += words[at + 3]!;
      }
      totals.set([a, b, c, d], word);
    }
    for (; word < wordsPerRow; word++) {
      let a = 0;
      for (let i = from; i < to; i++) a += words[indices[i]! * wordsPerRow + word]!;
      totals[word] = a;
    }
    for (let column = 0; column < columns; column++) {
      const at = Math.floor(column / perWord);
      const rest = Math.floor(totals[at]! / base);
      sums[column] = totals[at]! - rest * base;
      totals[at] = rest;
    }
  };
}
