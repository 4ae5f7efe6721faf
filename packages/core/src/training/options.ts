// The trainer's options and their checks.
import type * as tf from '@tensorflow/tfjs-core';
import type { Loader } from '../data/index.ts';
import { ConfigError } from '../errors/index.ts';
import type { RunFolder } from '../files/index.ts';
import type { Module } from '../nn/index.ts';
import type { Optimizer, Scheduler } from '../optim/index.ts';
import type { Rng } from '../random/index.ts';
import type { Callback, Metrics } from './callback.ts';
import type { Fingerprints } from './fingerprint.ts';

/** Which number decides what is best. */
export interface Monitor {
  /** A metric of the evaluation. */
  metric: string;
  mode: 'min' | 'max';
}

export interface TrainerOptions<B> {
  model: Module;
  optimizer: Optimizer;
  loader: Loader<B>;
  /** The mean loss of a batch, computed with differentiable operations. */
  loss: (batch: B) => tf.Scalar;
  /** What that mean is over (tokens, items): weighs batches when they are accumulated and averaged. Default 1. */
  weight?: (batch: B) => number;
  /** A scheduler is told after each step; `PlateauRate` after each evaluation, with the monitored metric. */
  scheduler?: Scheduler;

  /** Passes over the data. Give this, `maxSteps` or `maxTime`; the first to be reached ends training. */
  epochs?: number;
  maxSteps?: number;
  /** Seconds, over all resumed parts. */
  maxTime?: number;

  /** Batches whose gradients make one step (default 1). */
  accumulate?: number;
  /** Scales gradients down to this common norm. */
  clipNorm?: number;
  /** Train on the first few batches only, again and again: a model that works learns them by heart. */
  overfitBatches?: number;

  /** Measures the model, which is in evaluation mode then. */
  evaluate?: () => Metrics | Promise<Metrics>;
  /** Steps between evaluations, or after each pass (default). */
  evaluateEvery?: number | 'epoch';
  /** Default: the smallest `loss`. */
  monitor?: Monitor;

  /** Where the log and the checkpoints go; without it nothing is written. */
  runFolder?: RunFolder;
  /** Steps between checkpoints, or after each pass (default). The last step and improvements are always saved. */
  saveEvery?: number | 'epoch';
  /** Checkpoints to keep besides the best (default 2). */
  keepLast?: number;
  /** Steps between log records (default 10). */
  logEvery?: number;
  /** What the run depends on that checkpoints do not hold: kept in each, and compared on resuming. */
  fingerprints?: Fingerprints;
  /** Hears what is worth knowing and no error (default `console.warn`). */
  warn?: (sentence: string) => void;
  /** Further generators to keep in checkpoints; the model's and the loader's are kept anyway. */
  rngs?: Record<string, Rng>;
  callbacks?: readonly Callback[];
  /** The clock, in milliseconds. */
  now?: () => number;
}

/** Refuses options that cannot work. */
export function checkTrainerOptions<B>(options: TrainerOptions<B>): void {
  const positive = { ...pick(options, ['maxTime', 'clipNorm']) };
  const whole = pick(options, ['epochs', 'maxSteps', 'accumulate', 'overfitBatches', 'keepLast', 'logEvery']);
  const every = pick(options, ['evaluateEvery', 'saveEvery']);
  for (const [argument, value] of Object.entries(positive)) {
    if (!(typeof value === 'number' && value > 0)) fail(`${argument} must be positive`, value, argument);
  }
  for (const [argument, value] of [...Object.entries(whole), ...Object.entries(every)]) {
    if (value === 'epoch' && argument in every) continue;
    const valid = Number.isInteger(value) && (value as number) > 0;
    if (!valid) fail(`${argument} must be a positive integer`, value, argument);
  }
  const { epochs, maxSteps, maxTime, callbacks = [] } = options;
  if (epochs === undefined && maxSteps === undefined && maxTime === undefined) {
    fail('an end must be given: epochs, maxSteps or maxTime', undefined, 'epochs');
  }
  const names = callbacks.map(({ name }) => name);
  if (new Set(names).size !== names.length) fail('callbacks must have different names', names, 'callbacks');
}

function pick<T extends object, K extends keyof T>(object: T, keys: K[]): Record<string, T[K]> {
  const found = keys.filter((key) => object[key] !== undefined);
  return Object.fromEntries(found.map((key) => [key, object[key]]));
}

function fail(fact: string, value: unknown, argument: string): never {
  throw new ConfigError({ operation: 'Trainer', fact, argument, ...(value === undefined ? {} : { value }) });
}
