// Paired significance tests of several systems against a baseline: bootstrap, approximate randomization.

import { silentLogger, type Logger } from '../logger.ts';
import {
  checkDraws,
  METRIC_OPTIONS,
  sumStatistics,
  type Metric,
  type ReferenceStreams,
} from '../metrics/metric.ts';
import type { Signature } from '../metrics/signature.ts';
import { ANYTHING, checkOptions, integer, invalidOption, oneOf, type Kind } from '../options.ts';
import { Generator } from '../random/generator.ts';
import { resolveSeed, seedValue } from '../random/seed.ts';
import { reprString } from '../text/repr.ts';
import { resampledScores } from './bootstrap.ts';
import { halfWidth, numpyMean, pValue, roundingOf, sorted, type ScoreArray } from './numeric.ts';
import { shuffledDifferences, type Coins } from './randomization.ts';
import { bootstrapScores, tableOf, type Table } from './resampling.ts';

/** One system's result for one metric, in score points. */
export interface PairedResult {
  score: number;
  /** Undefined for the baseline. */
  pValue: number | undefined;
  /** Bootstrap mean and half width of the 95% interval, where bootstrap was run. */
  mean: number | undefined;
  ci: number | undefined;
}

/** Options of {@link pairedTest}. */
export interface PairedTestOptions {
  /** Name and hypotheses of each system; the first is the baseline. */
  systems: readonly (readonly [name: string, hypotheses: readonly string[]])[];
  /** Metrics to test, each with cached references unless `references` are given. */
  metrics: readonly Metric[];
  references?: ReferenceStreams;
  /** `bs`: paired bootstrap (Koehn 2004); `ar`: paired approximate randomization (Riezler and Maxwell 2005). */
  test: 'bs' | 'ar';
  /** Resamples (default 1000) or trials (default 10000); 0 for the default. */
  samples?: number;
  /** With `ar`: bootstrap resamples for confidence intervals. Default 0: none. */
  confidenceSamples?: number;
  /** Default: `SACREBLEU_SEED`, else 12345. */
  seed?: string | number | bigint;
  /** Receives progress. Default: nobody. */
  logger?: Logger;
}

const OPTIONS = {
  systems: {
    what: 'an array of pairs of a name and hypotheses, the baseline first, then at least one system',
    accepts: (value) => Array.isArray(value) && value.length > 1 && value.every(isSystem),
  },
  metrics: {
    what: 'an array of at least one metric',
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isMetric),
  },
  references: ANYTHING,
  test: oneOf(['bs', 'ar']),
  samples: integer(0),
  confidenceSamples: integer(0),
  seed: ANYTHING,
  logger: METRIC_OPTIONS.logger,
} satisfies Record<keyof PairedTestOptions, Kind>;

function isSystem(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]);
}

function isMetric(value: unknown): boolean {
  return typeof (value as Metric | null)?.extractStatistics === 'function';
}

/**
 * Results in order of systems, and the signature, of each metric by its score's name (`BLEU`); where several
 * metrics share the name, by name and signature (`BLEU|nrefs:1|bs:1000|...`).
 */
export interface PairedTestResult {
  systems: string[];
  scores: Map<string, PairedResult[]>;
  signatures: Map<string, Signature>;
}

interface Baseline {
  name: string;
  signature: Signature;
  metric: Metric;
  table: Table;
  score: number;
  bootstrap: ScoreArray | undefined;
}

interface Draws {
  indices: Uint32Array | undefined;
  coins: Coins | undefined;
}

const DEFAULT_SAMPLES = { ar: 10000, bs: 1000 };

/**
 * Tests every system against the first, with sacreBLEU's random numbers.
 *
 * @throws SacreBleuError for wrong options, lines that do not match the references, or two metrics that no
 * signature tells apart
 */
export function pairedTest(options: PairedTestOptions): PairedTestResult {
  checkOptions('pairedTest', options, OPTIONS, ['systems', 'metrics', 'test']);
  const { systems, metrics, references, test, confidenceSamples = 0, logger = silentLogger } = options;
  const seed = resolveSeed(options.seed);
  const samples = options.samples || DEFAULT_SAMPLES[test];
  const [baselineName, baselineLines] = systems[0]!;
  const resamples = test === 'bs' ? samples : confidenceSamples;
  const result: PairedTestResult = {
    systems: systems.map(([name]) => name),
    scores: new Map(),
    signatures: new Map(),
  };

  const segments = baselineLines.length;
  checkDraws('pairedTest', 'samples', samples, segments);
  checkDraws('pairedTest', 'confidenceSamples', confidenceSamples, segments);
  const draw = (): Draws => {
    const generator = new Generator(seedValue(seed));
    const coins =
      test === 'ar' ? { bits: generator.booleans(samples * segments), trials: samples } : undefined;
    const indices = resamples > 0 ? generator.choice(segments, resamples * segments) : undefined;
    return { coins, indices };
  };
  // With a fixed seed every system gets the same draws.
  const shared = seed.value === undefined ? undefined : draw();

  const baselines = metrics.map((metric): Baseline => {
    logger.info(`Pre-computing ${metric.kind} statistics for ${reprString(baselineName)}`);
    const statistics = metric.extractStatistics(baselineLines, references);
    const score = metric.scoreFromStatistics(statistics);
    const table = tableOf(statistics);
    let bootstrap: ScoreArray | undefined;
    // The bootstrap of the baseline has a generator of its own, whose draws are the shared ones if no coins come first.
    if (resamples > 0) {
      if (shared && !shared.coins) bootstrap = bootstrapScores(table, metric, shared.indices!);
      else bootstrap = resampledScores(statistics, metric, resamples, seed);
    }
    const signature = metric.getSignature();
    signature.update('seed', seed.value === undefined ? 'none' : String(seed.value));
    signature.update(test, samples);
    if (test === 'ar' && confidenceSamples > 0) signature.update('bs', confidenceSamples);
    return { name: score.name, signature, metric, table, score: score.score, bootstrap };
  });
  const names = namesOf(baselines);
  baselines.forEach(({ signature, score, bootstrap }, i) => {
    result.scores.set(names[i]!, [{ score, pValue: undefined, ...interval(bootstrap) }]);
    result.signatures.set(names[i]!, signature);
  });

  for (const [name, lines] of systems.slice(1)) {
    const draws = shared ?? draw();
    for (const [i, baseline] of baselines.entries()) {
      logger.info(`Computing ${baseline.name} for ${reprString(name)} and extracting sufficient statistics`);
      const table = tableOf(baseline.metric.extractStatistics(lines, references));
      const score = baseline.metric.scoreOf(sumOf(table), 'double').value;
      const difference = Math.abs(baseline.score - score);
      let scores: ScoreArray | undefined;
      let p: number;
      if (draws.coins) {
        logger.info(` > Performing approximate randomization test (# trials: ${samples})`);
        p = pValue(shuffledDifferences(baseline.table, table, baseline.metric, draws.coins), difference);
        if (draws.indices) {
          logger.info(
            ` > Performing bootstrap resampling for confidence interval (# resamples: ${resamples})`,
          );
          scores = bootstrapScores(table, baseline.metric, draws.indices);
        }
      } else {
        logger.info(` > Performing paired bootstrap resampling test (# resamples: ${samples})`);
        scores = bootstrapScores(table, baseline.metric, draws.indices!);
        const ofBaseline = shared
          ? baseline.bootstrap!
          : bootstrapScores(baseline.table, baseline.metric, draws.indices!);
        p = pValue(centredDifferences(scores, ofBaseline), difference);
      }
      result.scores.get(names[i]!)!.push({ score, pValue: p, ...interval(scores) });
    }
  }
  return result;
}

// Names for the metrics' results: those of the scores, with the signature where they are equal.
function namesOf(baselines: readonly Baseline[]): string[] {
  const names = baselines.map(({ name, signature }) =>
    baselines.filter((other) => other.name === name).length > 1 ? `${name}|${signature.format()}` : name,
  );
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw invalidOption('pairedTest', 'metrics', twice, 'of different signatures, else tested one by one');
  return names;
}

function sumOf(table: Table): number[] {
  const { rows, columns, data } = table;
  return sumStatistics(
    Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns))),
  );
}

function interval(scores: ScoreArray | undefined): Pick<PairedResult, 'mean' | 'ci'> {
  if (!scores) return { mean: undefined, ci: undefined };
  const ascending = sorted(scores);
  return { mean: numpyMean(ascending), ci: halfWidth(ascending) };
}

// |system - baseline| per resample, less the mean of these.
function centredDifferences(system: ScoreArray, baseline: ScoreArray): ScoreArray {
  const single = system.single && baseline.single;
  const round = roundingOf(single);
  const values = system.values.map((value, i) => Math.abs(round(value - baseline.values[i]!)));
  const mean = numpyMean({ values, single });
  return { values: values.map((value) => round(value - mean)), single };
}
