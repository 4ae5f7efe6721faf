// Trainer: the training loop. For each batch: step, log, maybe evaluate, maybe save.
import type { Loader } from '../data/index.ts';
import { ConfigError, DataError, NumericsError } from '../errors/index.ts';
import { PlateauRate } from '../optim/index.ts';
import type { Callback, LogRecord, Metrics, StepReport, TrainerView } from './callback.ts';
import { readCheckpoint, writeCheckpoint, type TrainingState } from './checkpoint.ts';
import { findNotFinite } from './findNotFinite.ts';
import { NotFinite, gradientStep } from './gradientStep.ts';
import { checkTrainerOptions, type Monitor, type TrainerOptions } from './options.ts';
import { OverfitLoader } from './overfitLoader.ts';
import { RngKeeper } from './rngKeeper.ts';

/** How training ended. */
export interface FitResult {
  step: number;
  epoch: number;
  /** Seconds over all resumed parts. */
  elapsed: number;
  /** Why it ended: `epochs`, `max steps`, `max time`, or a callback's reason. */
  reason: string;
  /** The last evaluation. */
  metrics: Metrics;
  best: TrainingState['best'];
}

/**
 * Trains a model.
 *
 * @example
 * const trainer = new Trainer({ model, optimizer, loader, loss: (batch) => crossEntropy(model.forward(batch.x), batch.y), epochs: 3 });
 * const { step, metrics } = await trainer.fit();
 */
export class Trainer<B> implements TrainerView {
  readonly options: TrainerOptions<B>;
  step = 0;
  epoch = 0;
  private readonly loader: Loader<B>;
  private readonly rngs: RngKeeper;
  private readonly monitor: Monitor;
  private readonly now: () => number;
  private readonly callbacks: readonly Callback[];
  private startEpoch: number;
  private startedAt = 0;
  private elapsedBefore = 0;
  private stopReason: string | undefined;
  private window = { loss: 0, weight: 0, steps: 0, seconds: 0 };
  private best: TrainingState['best'] = null;
  private metrics: Metrics = {};
  private logRecords = 0;
  private savedStep = -1;
  private evaluatedStep = -1;

  /** @throws ConfigError when the options contradict each other */
  constructor(options: TrainerOptions<B>) {
    checkTrainerOptions(options);
    this.options = options;
    this.loader =
      options.overfitBatches === undefined
        ? options.loader
        : new OverfitLoader(options.loader, options.overfitBatches);
    this.startEpoch = this.loader.state().epoch;
    this.rngs = new RngKeeper(options.model, options.rngs ?? {});
    this.monitor = options.monitor ?? { metric: 'loss', mode: 'min' };
    this.now = options.now ?? (() => performance.now());
    this.callbacks = options.callbacks ?? [];
  }

  /**
   * Trains until an end is reached. With `resume`, goes on bit for bit from the run folder's newest checkpoint (from
   * the start when there is none yet).
   *
   * @throws NumericsError when the loss is not finite; the message names where NaN first appeared
   */
  async fit(options: { resume?: boolean } = {}): Promise<FitResult> {
    if (options.resume) await this.resume();
    this.startedAt = this.now();
    this.stopReason = undefined;
    this.options.model.train();
    await this.notify((callback) => callback.onStart?.(this));
    try {
      this.checkEnd();
      while (this.stopReason === undefined) await this.fitEpoch();
      if (this.evaluatedStep !== this.step) await this.evaluate();
      await this.save();
    } finally {
      this.options.model.eval();
      await this.notify((callback) => callback.onEnd?.(this));
    }
    const { step, epoch, elapsed, metrics, best } = this;
    return { step, epoch, elapsed, reason: this.stopReason, metrics, best };
  }

  /** Ends training after the current step. */
  stop(reason: string): void {
    this.stopReason ??= reason;
  }

  get model() {
    return this.options.model;
  }

  get optimizer() {
    return this.options.optimizer;
  }

  get elapsed(): number {
    return this.elapsedBefore + (this.now() - this.startedAt) / 1000;
  }

  get totalSteps(): number | undefined {
    const { maxSteps = Infinity, epochs = Infinity, accumulate = 1 } = this.options;
    const perEpoch = Math.ceil((this.loader.batchesPerEpoch ?? Infinity) / accumulate);
    const total = Math.min(maxSteps, epochs * perEpoch);
    return Number.isFinite(total) ? total : undefined;
  }

  private async fitEpoch(): Promise<void> {
    const { evaluateEvery = 'epoch', saveEvery = 'epoch' } = this.options;
    // A checkpoint of a pass's last step may have been written after the loader finished the pass.
    if (this.passes === this.epoch) {
      const { batch: batchBefore } = this.loader.state();
      const stepBefore = this.step;
      for await (const batches of groups(this.loader, this.options.accumulate ?? 1)) {
        const report = this.takeStep(batches);
        await this.notify((callback) => callback.onStep?.(report, this));
        await this.log(report);
        if (isDue(this.step, evaluateEvery)) await this.evaluate();
        if (isDue(this.step, saveEvery)) await this.save();
        this.checkEnd();
        if (this.stopReason !== undefined) return;
      }
      if (batchBefore === 0 && this.step === stepBefore) {
        throw new DataError({
          operation: 'Trainer.fit',
          fact: 'the loader must have a batch',
          argument: 'loader',
        });
      }
    }
    this.epoch = this.passes;
    if (evaluateEvery === 'epoch') await this.evaluate();
    if (saveEvery === 'epoch') await this.save();
    this.checkEnd();
  }

  private takeStep(batches: B[]): StepReport {
    const { optimizer, scheduler, loss, weight = () => 1, clipNorm } = this.options;
    const begin = this.now();
    const rngsBefore = this.rngs.state();
    const lr = optimizer.lr;
    try {
      const output = gradientStep({ batches, loss, weight, optimizer, clipNorm });
      if (!(scheduler instanceof PlateauRate)) scheduler?.step();
      this.step++;
      const seconds = (this.now() - begin) / 1000;
      return { step: this.step, epoch: this.epoch, lr, seconds, ...output };
    } catch (error) {
      if (!(error instanceof NotFinite)) throw error;
      this.rngs.restore(rngsBefore);
      throw this.explain(error as NotFinite<B>);
    }
  }

  private explain({ what, value, batch }: NotFinite<B>): NumericsError {
    const culprit = findNotFinite(this.model, () => this.options.loss(batch));
    const where = culprit?.sentence ?? 'every module has finite outputs: look at the loss and the gradients';
    return new NumericsError({
      operation: 'Trainer.fit',
      fact: `the ${what} of step ${this.step + 1} must be finite`,
      value,
      advice: `${where}; lower the learning rate, clip gradients, or check the data`,
      ...(culprit ? { argument: culprit.name } : {}),
    });
  }

  private async log(report: StepReport): Promise<void> {
    const { window } = this;
    window.loss += report.loss * report.weight;
    window.weight += report.weight;
    window.seconds += report.seconds;
    window.steps++;
    if (report.step % (this.options.logEvery ?? 10) !== 0) return;
    const { loss, weight, seconds } = window;
    const metrics: Metrics = { loss: weight > 0 ? loss / weight : 0, lr: report.lr };
    if (report.gradNorm !== undefined) metrics.gradNorm = report.gradNorm;
    metrics.perSecond = seconds > 0 ? weight / seconds : 0;
    this.window = { loss: 0, weight: 0, steps: 0, seconds: 0 };
    await this.record({ kind: 'train', metrics });
  }

  private async evaluate(): Promise<void> {
    const { evaluate, scheduler } = this.options;
    if (!evaluate) return;
    this.evaluatedStep = this.step;
    this.model.eval();
    try {
      this.metrics = await evaluate();
    } finally {
      this.model.train();
    }
    await this.record({ kind: 'evaluate', metrics: this.metrics });
    const value = this.monitored();
    if (scheduler instanceof PlateauRate) scheduler.step(value);
    const sign = this.monitor.mode === 'min' ? 1 : -1;
    const better = this.best === null || sign * (value - this.best.value) < 0;
    const improved = Number.isFinite(value) && better;
    if (improved) this.best = { step: this.step, metric: this.monitor.metric, value };
    await this.notify((callback) => callback.onEvaluate?.(this.metrics, this));
    if (improved) await this.save();
  }

  private monitored(): number {
    const value = this.metrics[this.monitor.metric];
    if (value !== undefined) return value;
    throw new ConfigError({
      operation: 'Trainer.fit',
      fact: `the evaluation must give the monitored metric ${this.monitor.metric}`,
      value: Object.keys(this.metrics),
      argument: 'monitor',
    });
  }

  private async record(part: Pick<LogRecord, 'kind' | 'metrics'>): Promise<void> {
    const record: LogRecord = { ...part, step: this.step, epoch: this.epoch, elapsed: this.elapsed };
    const { metrics, ...rest } = record;
    if (this.options.runFolder) {
      this.options.runFolder.log({ ...rest, ...metrics });
      this.logRecords++;
    }
    await this.notify((callback) => callback.onLog?.(record, this));
  }

  /** Writes a checkpoint, unless this step has one already. */
  private async save(): Promise<void> {
    const { runFolder, model, optimizer, keepLast = 2 } = this.options;
    if (!runFolder || this.savedStep === this.step) return;
    const state = this.state();
    const folder = await runFolder.saveCheckpoint(this.step, (path) =>
      writeCheckpoint(path, model, optimizer, state),
    );
    this.savedStep = this.step;
    if (this.best) await runFolder.setBest(this.best);
    await runFolder.prune(keepLast);
    await this.notify((callback) => callback.onSave?.(folder, this));
  }

  private state(): TrainingState {
    const { kind, step, lr } = this.options.optimizer.stateDict();
    const { loss, weight, steps } = this.window;
    const states = this.callbacks
      .filter(({ state }) => state)
      .map((callback) => [callback.name, callback.state!()]);
    return {
      version: 1,
      step: this.step,
      epoch: this.epoch,
      elapsed: this.elapsed,
      loader: this.loader.state(),
      startEpoch: this.startEpoch,
      optimizer: { kind, step, lr },
      scheduler: this.options.scheduler?.stateDict() ?? null,
      rngs: this.rngs.state(),
      window: { loss, weight, steps },
      best: this.best,
      evaluated: { step: this.evaluatedStep, metrics: this.metrics },
      logRecords: this.logRecords,
      callbacks: Object.fromEntries(states) as TrainingState['callbacks'],
    };
  }

  private async resume(): Promise<void> {
    const { runFolder, model, optimizer, scheduler } = this.options;
    if (!runFolder) {
      throw new ConfigError({
        operation: 'Trainer.fit',
        fact: 'resume needs a run folder',
        argument: 'resume',
      });
    }
    const latest = await runFolder.latest();
    if (latest === undefined) {
      await runFolder.cutLog(0);
      return;
    }
    const state = await readCheckpoint(runFolder.checkpointPath(latest), model, optimizer);
    this.step = state.step;
    this.epoch = state.epoch;
    this.elapsedBefore = state.elapsed;
    this.window = { ...state.window, seconds: 0 };
    this.best = state.best;
    this.evaluatedStep = state.evaluated.step;
    this.metrics = state.evaluated.metrics;
    this.logRecords = state.logRecords;
    this.savedStep = state.step;
    this.loader.restore(state.loader);
    this.startEpoch = state.startEpoch;
    this.rngs.restore(state.rngs);
    if (state.scheduler) scheduler?.loadStateDict(state.scheduler);
    for (const callback of this.callbacks) {
      const kept = state.callbacks[callback.name];
      if (kept !== undefined) callback.restore?.(kept);
    }
    await runFolder.cutLog(state.logRecords);
    if (state.best) await runFolder.setBest(state.best);
  }

  /** Passes that the loader has completed in this run. */
  private get passes(): number {
    return this.loader.state().epoch - this.startEpoch;
  }

  private checkEnd(): void {
    const { epochs = Infinity, maxSteps = Infinity, maxTime = Infinity } = this.options;
    if (this.step >= maxSteps) this.stop('max steps');
    else if (this.epoch >= epochs) this.stop('epochs');
    else if (this.elapsed >= maxTime) this.stop('max time');
  }

  private async notify(call: (callback: Callback) => void | Promise<void> | undefined): Promise<void> {
    for (const callback of this.callbacks) await call(callback);
  }
}

/** Consecutive batches in groups; the last group of a pass may be smaller. */
async function* groups<B>(loader: Loader<B>, size: number): AsyncGenerator<B[]> {
  let group: B[] = [];
  for await (const batch of loader) {
    group.push(batch);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function isDue(step: number, every: number | 'epoch'): boolean {
  return every !== 'epoch' && step % every === 0;
}
