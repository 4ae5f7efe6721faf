// Schedulers: they set an optimizer's learning rate, and can be saved.
import { ConfigError } from '../errors/index.ts';
import type { Optimizer } from './optimizer.ts';
import type { Schedule } from './schedules.ts';

/** Plain JSON that a scheduler needs to go on. */
export type SchedulerState = Record<string, number | string>;

/** Sets an optimizer's learning rate after each step (or epoch). */
export interface Scheduler {
  /** Tells that a step was taken; `metric` is for those that watch one. */
  step(metric?: number): void;
  stateDict(): SchedulerState;
  loadStateDict(state: SchedulerState): void;
}

function numbers(operation: string, state: SchedulerState, names: string[]): number[] {
  return names.map((name) => {
    const value = state[name];
    if (typeof value === 'number') return value;
    throw new ConfigError({
      operation,
      fact: `the state must have the number ${name}`,
      value,
      advice: 'use the scheduler that was saved',
      argument: name,
    });
  });
}

/** The learning rate is a schedule's factor times the rate that the optimizer had at the start. */
export class ScheduledRate implements Scheduler {
  readonly schedule: Schedule;
  baseLr: number;
  stepCount = 0;
  readonly #optimizer: Optimizer;

  constructor(optimizer: Optimizer, schedule: Schedule) {
    this.#optimizer = optimizer;
    this.schedule = schedule;
    this.baseLr = optimizer.lr;
    optimizer.lr = this.baseLr * schedule(0);
  }

  step(): void {
    this.stepCount += 1;
    this.#optimizer.lr = this.baseLr * this.schedule(this.stepCount);
  }

  stateDict(): SchedulerState {
    return { kind: 'schedule', step: this.stepCount, baseLr: this.baseLr };
  }

  loadStateDict(state: SchedulerState): void {
    [this.stepCount, this.baseLr] = numbers('ScheduledRate.loadStateDict', state, ['step', 'baseLr']) as [
      number,
      number,
    ];
    this.#optimizer.lr = this.baseLr * this.schedule(this.stepCount);
  }
}

/** Options of `PlateauRate`; the defaults are PyTorch's. */
export interface PlateauOptions {
  /** Whether the metric should fall or rise; 'min' by default. */
  mode?: 'min' | 'max';
  /** Multiplies the rate when the metric stalls; 0.1 by default. */
  factor?: number;
  /** Steps without improvement that are let pass; 10 by default. */
  patience?: number;
  /** Relative change that counts as an improvement; 1e-4 by default. */
  threshold?: number;
  /** Steps to wait after a reduction; 0 by default. */
  cooldown?: number;
  /** Never goes below it; 0 by default. */
  minLr?: number;
}

/** Reduces the learning rate when a metric stops improving (PyTorch's ReduceLROnPlateau). */
export class PlateauRate implements Scheduler {
  readonly #options: Required<PlateauOptions>;
  readonly #optimizer: Optimizer;
  #best: number;
  #bad = 0;
  #cooldown = 0;

  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minLr = 0 } = options;
    this.#optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, cooldown, minLr };
    this.#best = mode === 'min' ? Number.MAX_VALUE : -Number.MAX_VALUE;
  }

  step(metric = Number.NaN): void {
    const { factor, patience, cooldown, minLr } = this.#options;
    if (this.#improved(metric)) {
      this.#best = metric;
      this.#bad = 0;
    } else this.#bad += 1;
    if (this.#cooldown > 0) {
      this.#cooldown -= 1;
      this.#bad = 0;
    }
    if (this.#bad <= patience) return;
    const lr = Math.max(this.#optimizer.lr * factor, minLr);
    if (this.#optimizer.lr - lr > 1e-8) this.#optimizer.lr = lr;
    this.#cooldown = cooldown;
    this.#bad = 0;
  }

  #improved(metric: number): boolean {
    const { mode, threshold } = this.#options;
    if (mode === 'min') return metric < this.#best * (1 - threshold);
    return metric > (this.#best === -Number.MAX_VALUE ? this.#best : this.#best * (1 + threshold));
  }

  stateDict(): SchedulerState {
    return {
      kind: 'plateau',
      best: this.#best,
      bad: this.#bad,
      cooldown: this.#cooldown,
      lr: this.#optimizer.lr,
    };
  }

  loadStateDict(state: SchedulerState): void {
    const values = numbers('PlateauRate.loadStateDict', state, ['best', 'bad', 'cooldown', 'lr']) as [
      number,
      number,
      number,
      number,
    ];
    [this.#best, this.#bad, this.#cooldown, this.#optimizer.lr] = values;
  }
}
