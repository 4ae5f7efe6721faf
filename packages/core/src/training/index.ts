// Training: the loop, its callbacks, checkpoints.
export { averageCheckpoints } from './averageCheckpoints.ts';
export type { Callback, LogRecord, Metrics, StepReport, TrainerView } from './callback.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './callbacks/earlyStopping.ts';
export { History, type Curve } from './callbacks/history.ts';
export { PlotCurves } from './callbacks/plotCurves.ts';
export {
  ProgressBar,
  formatDuration,
  formatNumber,
  type ProgressBarOptions,
} from './callbacks/progressBar.ts';
export {
  loadWeights,
  modelState,
  readCheckpoint,
  writeCheckpoint,
  type TrainingState,
} from './checkpoint.ts';
export { evaluateLoss } from './evaluateLoss.ts';
export { fingerprint, orderedJson, type Fingerprint, type Fingerprints } from './fingerprint.ts';
export { findNotFinite, type Culprit } from './findNotFinite.ts';
export type { Monitor, TrainerOptions } from './options.ts';
export type { Progress } from './progress.ts';
export { Trainer, type FitResult } from './trainer.ts';
