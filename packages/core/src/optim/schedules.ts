// Learning-rate schedules: pure functions from the number of steps taken to a factor of the base rate.
// Book: chapter optimization, lr-scheduler.
import { ValueError } from '../errors/index.ts';

/** Factor of the base learning rate after `step` steps (0 before the first). */
export type Schedule = (step: number) => number;

function check(schedule: string, argument: string, value: number, positive: boolean): void {
  if (Number.isFinite(value) && (positive ? value > 0 : value >= 0)) return;
  throw new ValueError({
    operation: schedule,
    fact: `${argument} must be ${positive ? 'above' : 'at least'} 0`,
    value,
    advice: 'check the schedule',
    argument,
  });
}

/** Always 1. */
export function constantSchedule(): Schedule {
  return () => 1;
}

/** Multiplies by `factor` every `every` steps, down to `floor`. Book: FactorScheduler. */
export function factorSchedule({ factor = 1, every = 1, floor = 0 } = {}): Schedule {
  check('factorSchedule', 'every', every, true);
  return (step) => Math.max(floor, factor ** Math.floor(step / every));
}

/** Multiplies by `gamma` at each milestone. Book: MultiStepLR. */
export function multiStepSchedule(milestones: readonly number[], gamma = 0.1): Schedule {
  return (step) => gamma ** milestones.filter((milestone) => step >= milestone).length;
}

/** Options of the schedules with warm-up. */
export interface WarmupOptions {
  /** Steps of linear warm-up; 0 by default. */
  warmup?: number;
  /** Factor at step 0 of the warm-up; 0 by default. */
  start?: number;
}

/** Linear warm-up from `start` to 1, then `after(step − warmup)`. */
function warmed({ warmup = 0, start = 0 }: WarmupOptions, after: (step: number) => number): Schedule {
  return (step) => (step < warmup ? start + ((1 - start) * step) / warmup : after(step - warmup));
}

/** Half a cosine from 1 to `final` at step `total`, after a linear warm-up. Book: CosineScheduler. */
export function cosineSchedule({
  total,
  final = 0,
  ...options
}: { total: number; final?: number } & WarmupOptions): Schedule {
  check('cosineSchedule', 'total', total, true);
  const length = Math.max(1, total - (options.warmup ?? 0));
  return warmed(options, (step) =>
    step >= length ? final : final + ((1 - final) * (1 + Math.cos((Math.PI * step) / length))) / 2,
  );
}

/** Linear decay from 1 to `final` at step `total`, after a linear warm-up (BERT's). */
export function linearSchedule({
  total,
  final = 0,
  ...options
}: { total: number; final?: number } & WarmupOptions): Schedule {
  return polynomialSchedule({ total, final, power: 1, ...options });
}

/** `(1 − step / total)^power` from 1 to `final`, after a linear warm-up. */
export function polynomialSchedule({
  total,
  final = 0,
  power = 2,
  ...options
}: { total: number; final?: number; power?: number } & WarmupOptions): Schedule {
  check('polynomialSchedule', 'total', total, true);
  const length = Math.max(1, total - (options.warmup ?? 0));
  return warmed(options, (step) => final + (1 - final) * (1 - Math.min(step, length) / length) ** power);
}

/** Linear warm-up to 1 at step `warmup`, then √(warmup / step). Vaswani et al., 2017 (with the base rate as the peak). */
export function inverseSquareRootSchedule({
  warmup,
  start = 0,
}: {
  warmup: number;
  start?: number;
}): Schedule {
  check('inverseSquareRootSchedule', 'warmup', warmup, true);
  return warmed({ warmup, start }, (after) => Math.sqrt(warmup / (after + warmup)));
}

/** `(step + 1)^−½`. Book: SquareRootScheduler. */
export function squareRootSchedule(): Schedule {
  return (step) => (step + 1) ** -0.5;
}

/** `e^(−rate · step)`. Book: sgd, exponential_lr. */
export function exponentialSchedule(rate: number): Schedule {
  return (step) => Math.exp(-rate * step);
}
