// What every mode tells of tokens: the likeliest, rounded weights, maps with the tokens that they belong to.
import { ApiError } from '../api/errors.ts';
import type { AttentionMap, LabelledMap } from '../api/types.ts';

/** How many of the most probable tokens are told at each position. */
export const topCount = 8;

/** Enough digits to draw and to read. */
export const round = (value: number) => Math.round(value * 1e4) / 1e4;

/** Indices of the `count` largest values, largest first. */
export function topOf(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    if (best.length === count && values[i]! <= values[best[count - 1]!]!) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < values[i]!) at -= 1;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best.filter((i) => values[i]! > Number.NEGATIVE_INFINITY);
}

/** Refuses ids that the vocabulary does not have. */
export function checkTokens(tokens: readonly number[], vocabSize: number): void {
  const wrong = tokens.findIndex((id) => id >= vocabSize);
  if (wrong < 0) return;
  throw new ApiError(
    422,
    'invalid_request',
    `tokens.${wrong}: must be below ${vocabSize}, got ${tokens[wrong]}; take ids from this model's answer`,
  );
}

/** A map with its tokens, its weights rounded. */
export function labelled(
  { kind, layers }: AttentionMap,
  rows: readonly string[],
  columns: readonly string[],
): LabelledMap {
  const rounded = layers.map((heads) => heads.map((head) => head.map((row) => row.map(round))));
  return { kind, layers: rounded, rows: [...rows], columns: [...columns] };
}
