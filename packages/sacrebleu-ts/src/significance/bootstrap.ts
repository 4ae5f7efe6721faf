// Bootstrap confidence intervals for one system (Koehn 2004, https://aclanthology.org/W04-3250).

import type { Scorer } from '../metrics/arithmetic.ts';
import { Generator } from '../random/generator.ts';
import { seedValue, type Seed } from '../random/seed.ts';
import { exactMean, halfWidth, sorted, type ScoreArray } from './numeric.ts';
import { bootstrapScores, tableOf } from './resampling.ts';

/** Scores of `samples` corpora resampled from the statistics, with sacreBLEU's random numbers. */
export function resampledScores(
  statistics: readonly (readonly number[])[],
  scorer: Scorer,
  samples: number,
  seed: Seed,
): ScoreArray {
  const indices = new Generator(seedValue(seed)).choice(statistics.length, samples * statistics.length);
  return bootstrapScores(tableOf(statistics), scorer, indices);
}

/** Mean and half width of the 95% interval, and the seed for the signature. */
export function bootstrapConfidence(
  statistics: readonly (readonly number[])[],
  scorer: Scorer,
  samples: number,
  seed: Seed,
): { seed: string; confidence: { mean: number; halfWidth: number } } {
  const scores = sorted(resampledScores(statistics, scorer, samples, seed));
  return { seed: seed.label, confidence: { mean: exactMean(scores), halfWidth: halfWidth(scores) } };
}
