// Sums of segment statistics over resampled corpora, exact where numpy's float32 would be exact.

import type { Scorer } from '../metrics/arithmetic.ts';
import type { ScoreArray } from './numeric.ts';

/** Sums of integers below this are exact in float32. */
const EXACT_IN_FLOAT32 = 2 ** 24;

/** Statistics as one row-major table. */
export interface Table {
  rows: number;
  columns: number;
  data: Float64Array;
  /** All integers. */
  whole: boolean;
  /** The largest sum any column can reach when rows are drawn with replacement. */
  largestSum: number;
}

/** Copies statistics into a {@link Table}. */
export function tableOf(statistics: readonly (readonly number[])[]): Table {
  const rows = statistics.length;
  const columns = statistics[0]!.length;
  const data = new Float64Array(rows * columns);
  statistics.forEach((row, i) => data.set(row, i * columns));
  let largest = 0;
  for (const value of data) largest = Math.max(largest, Math.abs(value));
  return { rows, columns, data, whole: data.every(Number.isInteger), largestSum: largest * rows };
}

/** Collects scores and the type numpy would give the array of them. */
export function collectScores(count: number, scoreAt: (i: number) => { value: number; single: boolean }): ScoreArray {
  const values = new Float64Array(count);
  let single = true;
  for (let i = 0; i < count; i++) {
    const score = scoreAt(i);
    values[i] = score.value;
    single &&= score.single;
  }
  return { values, single };
}

/** Scores of `indices.length / rows` corpora, each made of the rows that the indices name. */
export function bootstrapScores(table: Table, scorer: Scorer, indices: Uint32Array): ScoreArray {
  const { rows, columns } = table;
  const integers = table.whole && table.largestSum < EXACT_IN_FLOAT32;
  // Float32Array rounds at every store, which is numpy's order of rounding too.
  const data = integers ? Int32Array.from(table.data) : Float32Array.from(table.data);
  const sums = integers ? new Int32Array(columns) : new Float32Array(columns);
  return collectScores(indices.length / rows, (sample) => {
    sums.fill(0);
    if (integers) addRows(data as Int32Array, sums as Int32Array, indices, sample * rows, rows);
    else addRows(data as Float32Array, sums as Float32Array, indices, sample * rows, rows);
    return scorer.scoreOf(sums, 'single');
  });
}

function addRows<T extends Int32Array | Float32Array>(data: T, sums: T, indices: Uint32Array, from: number, count: number): void {
  const columns = sums.length;
  for (let i = from; i < from + count; i++) {
    const row = indices[i]! * columns;
    for (let j = 0; j < columns; j++) sums[j]! += data[row + j]!;
  }
}
