// Length normalisation: what a hypothesis's log-probability is divided by before hypotheses are compared.
import { checkNumber, checkOneOf } from '../checks.ts';

/** `power`: lengthᵅ (the book's section 9.8); `gnmt`: ((5 + length) / 6)ᵅ (https://arxiv.org/abs/1609.08144). */
export type LengthPenalty = 'power' | 'gnmt';

/** The divisor for a length in tokens, the end token included; 1 when alpha is 0. */
export function lengthDivisor(kind: LengthPenalty, alpha: number, length: number): number {
  if (alpha === 0) return 1;
  return kind === 'gnmt' ? ((5 + length) / 6) ** alpha : Math.max(1, length) ** alpha;
}

/** @throws ValueError or ConfigError for an exponent or a form that there is not */
export function checkLengthPenalty(
  operation: string,
  { alpha, lengthPenalty }: { alpha: number; lengthPenalty: LengthPenalty },
): void {
  checkNumber(operation, 'alpha', alpha, 'at least 0', (x) => x >= 0);
  checkOneOf(operation, 'lengthPenalty', lengthPenalty, ['power', 'gnmt']);
}
