// Trainer: the training loop. For each batch: step, log, maybe evaluate, maybe save.
import type { Loader } from '../data/index.ts';
import { ConfigError, DataError, NumericsError } from '../errors/index.ts';
import { PlateauRate } from '../optim/index.ts';
import type { Callback, LogRecord, Metrics, StepReport, TrainerView } from './callback.ts';
import { findNotFinite } from './findNotFinite.ts';
import { NotFinite, gradientStep } from './gradientStep.ts';
import { Keeper } from './keeper.ts';
import { checkTrainerOptions, type Monitor, type TrainerOptions } from './options.ts';
import { OverfitLoader } from './overfitLoader.ts';
import { emptyWindow, noProgress, type Progress } from './progress.ts';
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
  best: Progress['best'];
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
  private readonly loader: Loader<B>;
  private readonly rngs: RngKeeper;
  private readonly monitor: Monitor;
  private readonly now: () => number;
  private readonly callbacks: readonly Callback[];
  private readonly keeper: Keeper<B>;
  /** All that changes from step to step; `elapsed` is that of earlier parts while a part runs. */
  private progress: Progress;
  private startedAt: number | undefined;
  private stopReason: string | undefined;

  /** @throws ConfigError when the options contradict each other */
  constructor(options: TrainerOptions<B>) {
    checkTrainerOptions(options);
    this.options = options;
    this.loader =
      options.overfitBatches === undefined
        ? options.loader
        : new OverfitLoader(options.loader, options.overfitBatches);
    this.progress = noProgress(this.loader.state().epoch);
    this.rngs = new RngKeeper(options.model, options.rngs ?? {});
    this.monitor = options.monitor ?? { metric: 'loss', mode: 'min' };
    this.now = options.now ?? (() => performance.now());
    this.callbacks = options.callbacks ?? [];
    this.keeper = new Keeper(options, this.loader, this.rngs);
  }

  /**
   * Trains until an end is reached, from where an earlier call ended. With `resume`, goes on bit for bit from the run
   * folder's newest checkpoint (from the start when there is none yet). A model in training mode is taken as it is, so
   * that a part of it may be in evaluation mode; at the end all of it is.
   *
   * @throws NumericsError when the loss is not finite; the message names where NaN first appeared
   * @throws ConfigError when one of `fingerprints` is not as the checkpoint has it
   */
  async fit(options: { resume?: boolean } = {}): Promise<FitResult> {
    if (options.resume) this.progress = (await this.keeper.resume()) ?? this.progress;
    this.startedAt = this.now();
    this.stopReason = undefined;
    if (!this.model.training) this.model.train();
    try {
      await this.notify((callback) => callback.onStart?.(this));
      this.checkEnd();
      while (this.stopReason === undefined) await this.fitEpoch();
      if (this.progress.evaluated.step !== this.step) await this.evaluate();
      await this.save();
    } finally {
      this.progress.elapsed = this.elapsed;
      this.startedAt = undefined;
      this.model.eval();
      await this.notify((callback) => callback.onEnd?.(this));
    }
    const { step, epoch, elapsed, best, evaluated } = this.progress;
    return { step, epoch, elapsed, reason: this.stopReason, metrics: evaluated.metrics, best };
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

  get step(): number {
    return this.progress.step;
  }

  get epoch(): number {
    return this.progress.epoch;
  }

  get elapsed(): number {
    const { elapsed } = this.progress;
    return this.startedAt === undefined ? elapsed : elapsed + (this.now() - this.startedAt) / 1000;
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
    this.progress.epoch = this.passes;
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
      this.progress.step++;
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
    const { window } = this.progress;
    window.loss += report.loss * report.weight;
    window.weight += report.weight;
    window.seconds += report.seconds;
    if (report.step % (this.options.logEvery ?? 10) !== 0) return;
    const { loss, weight, seconds } = window;
    const metrics: Metrics = { loss: weight > 0 ? loss / weight : 0, lr: report.lr };
    if (report.gradNorm !== undefined) metrics.gradNorm = report.gradNorm;
    metrics.perSecond = seconds > 0 ? weight / seconds : 0;
    this.progress.window = emptyWindow();
    await this.record({ kind: 'train', metrics });
  }

  private async evaluate(): Promise<void> {
    const { evaluate, scheduler } = this.options;
    if (!evaluate) return;
    const { step, progress } = this;
    const metrics = await this.model.evaluating(async () => evaluate());
    progress.evaluated = { step, metrics };
    await this.record({ kind: 'evaluate', metrics });
    const value = this.monitored(metrics);
    if (scheduler instanceof PlateauRate) scheduler.step(value);
    const sign = this.monitor.mode === 'min' ? 1 : -1;
    const better = progress.best === null || sign * (value - progress.best.value) < 0;
    const improved = Number.isFinite(value) && better;
    if (improved) progress.best = { step, metric: this.monitor.metric, value };
    await this.notify((callback) => callback.onEvaluate?.(metrics, this));
    if (improved) await this.save();
  }

  private monitored(metrics: Metrics): number {
    const value = metrics[this.monitor.metric];
    if (value !== undefined) return value;
    throw new ConfigError({
      operation: 'Trainer.fit',
      fact: `the evaluation must give the monitored metric ${this.monitor.metric}`,
      value: Object.keys(metrics),
      argument: 'monitor',
    });
  }

  private async record(part: Pick<LogRecord, 'kind' | 'metrics'>): Promise<void> {
    const record: LogRecord = { ...part, step: this.step, epoch: this.epoch, elapsed: this.elapsed };
    const { metrics, ...rest } = record;
    if (this.options.runFolder) {
      this.options.runFolder.log({ ...rest, ...metrics });
      this.progress.logRecords++;
    }
    await this.notify((callback) => callback.onLog?.(record, this));
  }

  private async save(): Promise<void> {
    const folder = await this.keeper.save({ ...this.progress, elapsed: this.elapsed });
    if (folder !== undefined) await this.notify((callback) => callback.onSave?.(folder, this));
  }

  /** Passes that the loader has completed in this run. */
  private get passes(): number {
    return this.loader.state().epoch - this.progress.startEpoch;
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
