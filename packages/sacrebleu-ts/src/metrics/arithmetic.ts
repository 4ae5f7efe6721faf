// How a score is computed from statistics: in doubles, or in the number types numpy would use.

/**
 * sacreBLEU resamples float32 arrays (bootstrap) or int64 arrays (approximate randomization of
 * BLEU and chrF), and numpy keeps those types through the score's formula. `double` is plain
 * Python; `single` rounds each step to float32; `integer` only matters where a fraction is stored
 * back into an int64 array (add-k smoothing), which truncates.
 */
export type Arithmetic = 'double' | 'single' | 'integer';

/** A score, and whether numpy would hold it as float32. */
export interface TypedScore {
  value: number;
  single: boolean;
}

/** Anything that turns summed statistics into a score. */
export interface Scorer {
  scoreOf(sums: ArrayLike<number>, arithmetic: Arithmetic): TypedScore;
}
