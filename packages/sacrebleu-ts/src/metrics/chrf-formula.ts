// chrF from its sufficient statistics: an F-score over averaged n-gram precision and recall.

import type { Arithmetic, TypedScore } from './arithmetic.ts';

/** What the formula needs besides the statistics. */
export interface ChrfFormula {
  /** Character plus word n-gram orders. */
  order: number;
  beta: number;
  epsSmoothing: boolean;
}

const EPSILON = 1e-16;

/**
 * chrF, 0-100, of statistics `[hypothesis, reference, match]` per order
 * (Popović 2015, https://aclanthology.org/W15-3049; 2017, https://aclanthology.org/W17-4770).
 */
export function computeChrf(
  sums: ArrayLike<number>,
  formula: ChrfFormula,
  arithmetic: Arithmetic = 'double',
): TypedScore {
  const { order, beta, epsSmoothing } = formula;
  const factor = beta ** 2;
  const float32 = arithmetic === 'single';
  const round = float32 ? Math.fround : (x: number) => x;
  let effectiveOrder = 0;
  let precisionSum = 0;
  let recallSum = 0;
  let fSum = 0;
  let fSumSingle = false;
  for (let i = 0; i < order; i++) {
    const hypothesis = sums[3 * i]!;
    const reference = sums[3 * i + 1]!;
    const match = sums[3 * i + 2]!;
    const precision = hypothesis > 0 ? round(match / hypothesis) : EPSILON;
    const recall = reference > 0 ? round(match / reference) : EPSILON;
    if (epsSmoothing) {
      // numpy's float32 takes over as soon as one operand has it; the epsilons are doubles.
      const single = float32 && (hypothesis > 0 || reference > 0);
      const step = single ? Math.fround : (x: number) => x;
      const weighted = (weight: number): number =>
        hypothesis > 0 ? round(round(weight) * precision) : weight * precision;
      const denominator = step(step(weighted(factor)) + step(recall));
      const f =
        denominator > 0 ? step(step(step(weighted(1 + factor)) * step(recall)) / denominator) : EPSILON;
      fSumSingle ||= single && denominator > 0;
      fSum = fSumSingle ? Math.fround(Math.fround(fSum) + Math.fround(f)) : fSum + f;
    }
    if (hypothesis > 0 && reference > 0) {
      precisionSum = round(precisionSum + precision);
      recallSum = round(recallSum + recall);
      effectiveOrder++;
    }
  }
  if (epsSmoothing) {
    const last = fSumSingle ? Math.fround : (x: number) => x;
    return { value: last(last(100 * fSum) / order), single: fSumSingle };
  }
  if (effectiveOrder === 0) return { value: 0, single: false };
  const precision = round(precisionSum / effectiveOrder);
  const recall = round(recallSum / effectiveOrder);
  if (precision + recall === 0) return { value: 0, single: false };
  const f =
    round(round(round(1 + factor) * precision) * recall) / round(round(round(factor) * precision) + recall);
  return { value: round(100 * round(f)), single: float32 };
}
