// Sums of segment statistics over resampled corpora, exact where numpy's float32 would be exact.

import type { Scorer } from '../metrics/arithmetic.ts';
import type { ScoreArray } from './numeric.ts';
import { packedSums } from './packed-sums.ts';

/** Sums of integers below this are exact in float32. */
const EXACT_IN_FLOAT32 = 2 ** 24;

/** Statistics as one row-major table. */
export interface Table {
  rows: number;
  columns: number;
  data: Float64Array;
  /** All integers, none negative. */
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
  for (const value of data) largest = Math.max(largest, value);
  return {
    rows,
    columns,
    data,
    whole: data.every((value) => Number.isInteger(value) && value >= 0),
    largestSum: largest * rows,
  };
}

/** Collects scores and the type numpy would give the array of them. */
export function collectScores(
  count: number,
  scoreAt: (i: number) => { value: number; single: boolean },
): ScoreArray {
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
  const exact = table.whole && table.largestSum < EXACT_IN_FLOAT32;
  const sum = exact ? packedSums(table, indices) : roundedSums(table, indices);
  const sums = new Float64Array(table.columns);
  return collectScores(indices.length / table.rows, (sample) => {
    sum(sample * table.rows, sums);
    return scorer.scoreOf(sums, 'single');
  });
}

// Sums in float32, rounded at every addition as numpy's are.
function roundedSums(
  { rows, columns, data }: Table,
  indices: Uint32Array,
): (from: number, sums: Float64Array) => void {
  const single = Float32Array.from(data);
  const totals = new Float32Array(columns);
  return (from, sums) => {
    totals.fill(0);
    for (let i = from; i < from + rows; i++) {
      const row = indices[i]! * columns;
      for (let j = 0; j < columns; j++) totals[j]! += single[row + j]!;
    }
    sums.set(totals);
  };
}
