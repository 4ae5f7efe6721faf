// Optimizers, gradient clipping and learning-rate schedules.
export { Adam, AdamW, type AdamOptions } from './adam.ts';
export {
  Adadelta,
  Adagrad,
  RMSprop,
  Yogi,
  type AdadeltaOptions,
  type AdagradOptions,
  type RmspropOptions,
  type YogiOptions,
} from './adaptive.ts';
export { clipByGlobalNorm, globalNorm, type Clipped } from './clip.ts';
export {
  Optimizer,
  type Gradients,
  type OptimizerState,
  type ParameterGroup,
  type Parameters,
  type Slot,
} from './optimizer.ts';
export {
  PlateauRate,
  ScheduledRate,
  type PlateauOptions,
  type Scheduler,
  type SchedulerState,
} from './schedulers.ts';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  factorSchedule,
  inverseSquareRootSchedule,
  linearSchedule,
  multiStepSchedule,
  polynomialSchedule,
  squareRootSchedule,
  type Schedule,
  type WarmupOptions,
} from './schedules.ts';
export { SGD, type SgdOptions } from './sgd.ts';
