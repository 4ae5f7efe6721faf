// How far a training has come: the one value that a trainer holds and a checkpoint keeps.
import type { Metrics } from './callback.ts';

/** Where a training stands. */
export interface Progress {
  step: number;
  epoch: number;
  /** Seconds of training so far. */
  elapsed: number;
  /** Passes that the loader had completed before this run. */
  startEpoch: number;
  /** Loss sum, weight and seconds since the last log record. */
  window: { loss: number; weight: number; seconds: number };
  best: { step: number; metric: string; value: number } | null;
  /** The last evaluation; step −1 before the first. */
  evaluated: { step: number; metrics: Metrics };
  /** Records in the log. */
  logRecords: number;
}

/** The window after a log record. */
export const emptyWindow = (): Progress['window'] => ({ loss: 0, weight: 0, seconds: 0 });

/** Before the first step. */
export function noProgress(startEpoch: number): Progress {
  const evaluated = { step: -1, metrics: {} };
  return {
    step: 0,
    epoch: 0,
    elapsed: 0,
    startEpoch,
    window: emptyWindow(),
    best: null,
    evaluated,
    logRecords: 0,
  };
}
