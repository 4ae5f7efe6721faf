// What the drawings of attention share: the weights with their tokens, a place among them, the colours.

export interface WeightProps {
  /** Tokens that look, one a row. */
  outputs: readonly string[];
  /** Tokens looked at, one a column. */
  sources: readonly string[];
  weights: readonly (readonly number[])[];
}

/** A cell, or with -1 a whole row or column. */
export interface Place {
  row: number;
  column: number;
}

/** The colour of a weight: one hue, from the ground's to the full one. */
export const heat = (weight: number): string =>
  `color-mix(in srgb, var(--heat) ${Math.round(weight * 100)}%, var(--raised))`;
