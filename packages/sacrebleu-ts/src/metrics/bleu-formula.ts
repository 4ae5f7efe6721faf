// BLEU from its sufficient statistics, with the smoothing methods of Chen and Cherry (2014).

import { exp, log } from '../math/precise.ts';
import type { Arithmetic } from './arithmetic.ts';

/** How zero counts are treated: not, by a floor, by adding k for n > 1, or by halving (NIST). */
export type SmoothMethod = 'none' | 'floor' | 'add-k' | 'exp';

/** The value used when none is given; undefined for methods without one. */
export const SMOOTH_DEFAULTS: Record<SmoothMethod, number | undefined> = {
  none: undefined,
  floor: 0.1,
  'add-k': 1,
  exp: undefined,
};

/** What the formula needs besides the statistics. */
export interface BleuFormula {
  smoothMethod: SmoothMethod;
  smoothValue: number | undefined;
  maxNgramOrder: number;
  effectiveOrder: boolean;
}

/** The score and all that is printed beside it. */
export interface BleuParts {
  score: number;
  counts: number[];
  totals: number[];
  /** N-gram precisions in percent. */
  precisions: number[];
  /** Brevity penalty, 0-1. */
  bp: number;
  sysLen: number;
  refLen: number;
}

function logOrFloor(x: number): number {
  return x === 0 ? -9999999999 : log(x);
}

/**
 * BLEU of summed statistics `[sysLen, refLen, counts..., totals...]`
 * (Papineni et al., 2002, https://aclanthology.org/P02-1040).
 */
export function computeBleu(
  sums: ArrayLike<number>,
  formula: BleuFormula,
  arithmetic: Arithmetic = 'double',
): BleuParts {
  const { smoothMethod, maxNgramOrder: order, effectiveOrder } = formula;
  const k = formula.smoothValue ?? SMOOTH_DEFAULTS[smoothMethod] ?? 0;
  const round = arithmetic === 'single' ? Math.fround : (x: number) => x;
  const store = arithmetic === 'integer' ? Math.trunc : round;
  const counts: number[] = [];
  const totals: number[] = [];
  const precisions: number[] = [];
  let anyMatch = false;
  for (let n = 0; n < order; n++) {
    counts.push(sums[2 + n]!);
    totals.push(sums[2 + order + n]!);
    precisions.push(0);
    anyMatch ||= counts[n] !== 0;
  }
  const sysLen = Math.trunc(sums[0]!);
  const refLen = Math.trunc(sums[1]!);
  const bp = sysLen >= refLen ? 1 : sysLen > 0 ? exp(1 - refLen / sysLen) : 0;
  const parts = { score: 0, counts, totals, precisions, bp, sysLen, refLen };
  if (!anyMatch) return parts;

  let halving = 1;
  let usedOrder = order;
  for (let n = 0; n < order; n++) {
    if (smoothMethod === 'add-k' && n > 0) {
      counts[n] = store(counts[n]! + round(k));
      totals[n] = store(totals[n]! + round(k));
    }
    const total = totals[n]!;
    if (total === 0) break;
    if (effectiveOrder) usedOrder = n + 1;
    if (counts[n] !== 0) {
      precisions[n] = round(round(100 * counts[n]!) / total);
    } else if (smoothMethod === 'exp') {
      halving *= 2;
      precisions[n] = round(100 / round(halving * total));
    } else if (smoothMethod === 'floor') {
      precisions[n] = round(round(100 * k) / total);
    }
  }
  let sum = 0;
  for (let n = 0; n < usedOrder; n++) sum += logOrFloor(precisions[n]!);
  parts.score = bp * exp(sum / usedOrder);
  return parts;
}
