// The book's own BLEU (section 9.7): not sacreBLEU's; kept for its printed results.
import { ValueError } from '@d2lts/core';

/**
 * `exp(min(0, 1 − len(label)/len(pred))) · Π p_n^(1/2ⁿ)` for n = 1…k over words split at spaces.
 *
 * The book's function divides by zero when the prediction has fewer than k words; here an order without
 * n-grams has precision 0, and so the score is 0. Its value is no sacreBLEU score: use `sacrebleu-ts` for those.
 *
 * @param predicted the words of the prediction, separated by spaces
 * @param label the reference
 * @param k the longest n-gram
 * @returns a number from 0 to 1
 *
 * @example
 * bookBleu("il est mouillé .", 'il est calme .', 2); // 0.658
 */
export function bookBleu(predicted: string, label: string, k: number): number {
  if (!Number.isInteger(k) || k < 1) {
    throw new ValueError({
      operation: 'bookBleu',
      fact: 'k must be a positive integer',
      value: k,
      argument: 'k',
    });
  }
  const prediction = predicted.split(' ').filter((word) => word !== '');
  const reference = label.split(' ').filter((word) => word !== '');
  if (prediction.length === 0) return 0;
  let score = Math.exp(Math.min(0, 1 - reference.length / prediction.length));
  for (let n = 1; n <= k; n++) {
    const total = prediction.length - n + 1;
    const precision = total > 0 ? matches(prediction, reference, n) / total : 0;
    score *= precision ** (0.5 ** n);
  }
  return score;
}

/** N-grams of the prediction found in the reference, each reference n-gram used once. */
function matches(prediction: readonly string[], reference: readonly string[], n: number): number {
  const left = new Map<string, number>();
  for (let i = 0; i + n <= reference.length; i++) {
    const gram = reference.slice(i, i + n).join(' ');
    left.set(gram, (left.get(gram) ?? 0) + 1);
  }
  let found = 0;
  for (let i = 0; i + n <= prediction.length; i++) {
    const gram = prediction.slice(i, i + n).join(' ');
    const count = left.get(gram) ?? 0;
    if (count === 0) continue;
    left.set(gram, count - 1);
    found += 1;
  }
  return found;
}
