// Means and intervals computed in the same order and precision as numpy and Python's statistics.

import { decompose } from '../text/numbers.ts';

/** Scores as a numpy array: values, and whether its type is float32. */
export interface ScoreArray {
  values: Float64Array;
  single: boolean;
}

type Round = (x: number) => number;

const identity: Round = (x) => x;

/** The rounding of an array's element type. */
export function roundingOf(single: boolean): Round {
  return single ? Math.fround : identity;
}

/** numpy's pairwise sum of `values[start, start + count)`. */
function pairwiseSum(values: Float64Array, start: number, count: number, round: Round): number {
  if (count < 8) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = round(sum + values[start + i]!);
    return sum;
  }
  if (count <= 128) {
    const r = values.slice(start, start + 8);
    const even = count - (count % 8);
    for (let i = 8; i < even; i++) r[i % 8] = round(r[i % 8]! + values[start + i]!);
    const left = round(round(r[0]! + r[1]!) + round(r[2]! + r[3]!));
    const right = round(round(r[4]! + r[5]!) + round(r[6]! + r[7]!));
    let sum = round(left + right);
    for (let i = even; i < count; i++) sum = round(sum + values[start + i]!);
    return sum;
  }
  let half = Math.floor(count / 2);
  half -= half % 8;
  return round(
    pairwiseSum(values, start, half, round) + pairwiseSum(values, start + half, count - half, round),
  );
}

/** `array.mean()`. */
export function numpyMean({ values, single }: ScoreArray): number {
  const round = roundingOf(single);
  return round(pairwiseSum(values, 0, values.length, round) / values.length);
}

/** `statistics.mean(values)`: the exact mean, rounded once (and once more to float32 if `single`). */
export function exactMean({ values, single }: ScoreArray): number {
  const parts = Array.from(values, decompose).filter((part) => part.mantissa !== 0n);
  const exponent = parts.reduce((lowest, part) => Math.min(lowest, part.exponent), 0);
  const sum = parts.reduce((total, part) => total + (part.mantissa << BigInt(part.exponent - exponent)), 0n);
  return roundingOf(single)(divide(sum, BigInt(values.length), exponent));
}

// sum * 2^exponent / count for sum >= 0, correctly rounded to a double (in its normal range).
function divide(sum: bigint, count: bigint, exponent: number): number {
  const bits = (value: bigint): number => value.toString(2).length;
  const shift = Math.max(0, 64 + bits(count) - bits(sum));
  const scaled = sum << BigInt(shift);
  const quotient = scaled / count;
  // Cut to 64 bits, the last one sticky: Number() then rounds once, and the power of two is exact.
  const excess = BigInt(Math.max(0, bits(quotient) - 64));
  const cut = quotient >> excess;
  const exact = (cut << excess) * count === scaled;
  return Number(exact ? cut : cut | 1n) * 2 ** (exponent - shift + Number(excess));
}

/** Half the width between the 2.5% and 97.5% quantiles of scores sorted ascending. */
export function halfWidth({ values, single }: ScoreArray): number {
  const lower = Math.floor(values.length / 40);
  const round = roundingOf(single);
  return round(0.5 * round(values[values.length - lower - 1]! - values[lower]!));
}

/** A sorted copy. */
export function sorted({ values, single }: ScoreArray): ScoreArray {
  return { values: values.slice().sort(), single };
}

/** Share of sampled statistics above the real difference, with one added to both counts. */
export function pValue({ values, single }: ScoreArray, difference: number): number {
  const threshold = roundingOf(single)(difference);
  let above = 0;
  for (const value of values) if (value > threshold) above++;
  return (above + 1) / (values.length + 1);
}
