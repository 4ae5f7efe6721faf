// Scores of pseudo systems that swap segments between two systems at random.

import type { Scorer } from '../metrics/arithmetic.ts';
import type { ScoreArray } from './numeric.ts';
import { collectScores, type Table } from './resampling.ts';

/** One coin per trial and segment; 1 takes the segment's baseline statistics for pseudo system A. */
export interface Coins {
  /** Coin `i` is bit `i % 32` of word `i >> 5`. */
  bits: Uint32Array;
  trials: number;
}

/** Absolute score differences of the pseudo systems A and B, trial by trial. */
export function shuffledDifferences(
  baseline: Table,
  system: Table,
  scorer: Scorer,
  coins: Coins,
): ScoreArray {
  const { rows, columns } = baseline;
  const whole = baseline.whole && system.whole;
  const arithmetic = whole ? 'integer' : 'double';
  const both = new Float64Array(columns);
  for (let i = 0; i < baseline.data.length; i++) both[i % columns]! += baseline.data[i]! + system.data[i]!;
  const a = new Float64Array(columns);
  const b = new Float64Array(columns);
  const sum = whole ? sumExactly : sumInOrder;
  return collectScores(coins.trials, (trial) => {
    sum(baseline, system, coins.bits, trial * rows, a, b, both);
    const difference = Math.abs(scorer.scoreOf(a, arithmetic).value - scorer.scoreOf(b, arithmetic).value);
    return { value: difference, single: false };
  });
}

type Sum = (
  baseline: Table,
  system: Table,
  bits: Uint32Array,
  from: number,
  a: Float64Array,
  b: Float64Array,
  both: Float64Array,
) => void;

// Integers: A by adding up, B as the rest of both systems.
const sumExactly: Sum = (baseline, system, bits, from, a, b, both) => {
  const { rows, columns } = baseline;
  a.fill(0);
  for (let i = 0; i < rows; i++) {
    const coin = from + i;
    const { data } = (bits[coin >>> 5]! >>> (coin & 31)) & 1 ? baseline : system;
    const row = i * columns;
    for (let j = 0; j < columns; j++) a[j]! += data[row + j]!;
  }
  for (let j = 0; j < columns; j++) b[j] = both[j]! - a[j]!;
};

// Fractions: as numpy, the sum over baseline segments plus the sum over system segments.
const sumInOrder: Sum = (baseline, system, bits, from, a, b) => {
  const { rows, columns } = baseline;
  const parts = Array.from({ length: 4 }, () => new Float64Array(columns));
  for (let i = 0; i < rows; i++) {
    const coin = from + i;
    const heads = (bits[coin >>> 5]! >>> (coin & 31)) & 1;
    const [baselinePart, systemPart] = heads ? [parts[0]!, parts[3]!] : [parts[2]!, parts[1]!];
    const row = i * columns;
    for (let j = 0; j < columns; j++) {
      baselinePart[j]! += baseline.data[row + j]!;
      systemPart[j]! += system.data[row + j]!;
    }
  }
  for (let j = 0; j < columns; j++) {
    a[j] = parts[0]![j]! + parts[1]![j]!;
    b[j] = parts[2]![j]! + parts[3]![j]!;
  }
};
