// Ends training when a metric has stopped improving.
import { ConfigError } from '../../errors/index.ts';
import type { Json } from '../../files/index.ts';
import type { Callback, Metrics, TrainerView } from '../callback.ts';

export interface EarlyStoppingOptions {
  /** The metric to watch (default `loss`). */
  metric?: string;
  /** Whether it should fall (default) or rise. */
  mode?: 'min' | 'max';
  /** Evaluations without improvement that are let pass (default 3). */
  patience?: number;
  /** A smaller change is no improvement (default 0). */
  minDelta?: number;
}

/** Stops after more than `patience` evaluations in a row without an improvement of at least `minDelta`. */
export class EarlyStopping implements Callback {
  readonly name = 'earlyStopping';
  private readonly options: Required<EarlyStoppingOptions>;
  private best: number | null = null;
  private bad = 0;

  constructor(options: EarlyStoppingOptions = {}) {
    this.options = { metric: 'loss', mode: 'min', patience: 3, minDelta: 0, ...options };
  }

  onEvaluate(metrics: Metrics, trainer: TrainerView): void {
    const { metric, mode, patience, minDelta } = this.options;
    const value = metrics[metric];
    if (value === undefined) {
      throw new ConfigError({
        operation: 'EarlyStopping',
        fact: `the evaluation must give the metric ${metric}`,
        value: Object.keys(metrics),
        argument: 'metric',
      });
    }
    const gain = this.best === null ? Infinity : mode === 'min' ? this.best - value : value - this.best;
    if (gain > minDelta) {
      this.best = value;
      this.bad = 0;
      return;
    }
    this.bad++;
    if (this.bad > patience) trainer.stop(`no better ${metric} for ${this.bad} evaluations`);
  }

  state(): Json {
    return { best: this.best, bad: this.bad };
  }

  restore(state: Json): void {
    const { best, bad } = state as { best: number | null; bad: number };
    this.best = best;
    this.bad = bad;
  }
}
