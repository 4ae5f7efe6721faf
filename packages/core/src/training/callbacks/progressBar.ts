// Shows how training goes: a bar on a terminal, a line per log record elsewhere.
import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import type { Callback, LogRecord, Metrics, StepReport, TrainerView } from '../callback.ts';

export interface ProgressBarOptions {
  /** Where it is shown (default: standard error). */
  stream?: NodeJS.WritableStream & { isTTY?: boolean };
  /** What `weight` counts (default `tokens`). */
  unit?: string;
  /** Show e^loss as perplexity (default true). */
  perplexity?: boolean;
}

/** Loss, perplexity, the last evaluation, units per second and the time left. */
export class ProgressBar implements Callback {
  readonly name = 'progressBar';
  private readonly stream: NodeJS.WritableStream & { isTTY?: boolean };
  private readonly unit: string;
  private readonly perplexity: boolean;
  private bar: SingleBar | undefined;
  private loss = Number.NaN;
  private speed = Number.NaN;
  private evaluation = '';
  private startStep = 0;
  private startElapsed = 0;

  constructor(options: ProgressBarOptions = {}) {
    this.stream = options.stream ?? process.stderr;
    this.unit = options.unit ?? 'tokens';
    this.perplexity = options.perplexity ?? true;
  }

  onStart(trainer: TrainerView): void {
    this.startStep = trainer.step;
    this.startElapsed = trainer.elapsed;
    if (!this.stream.isTTY) return;
    const { SingleBar: Bar } = createRequire(import.meta.url)(
      'cli-progress',
    ) as typeof import('cli-progress');
    const format =
      trainer.totalSteps === undefined ? 'step {value} | {text}' : '{bar} {value}/{total} | {text}';
    this.bar = new Bar({
      format,
      stream: this.stream,
      hideCursor: true,
      barsize: 24,
      fps: 8,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    });
    this.bar.start(trainer.totalSteps ?? 0, trainer.step, { text: 'starting' });
  }

  onStep(report: StepReport, trainer: TrainerView): void {
    // Smoothed over about the last twenty steps.
    this.loss = smooth(this.loss, report.loss);
    this.speed = smooth(this.speed, report.seconds > 0 ? report.weight / report.seconds : 0);
    this.bar?.update(report.step, { text: this.text(trainer, this.loss, this.speed) });
  }

  onLog(record: LogRecord, trainer: TrainerView): void {
    if (this.bar || record.kind !== 'train') return;
    const { loss = Number.NaN, perSecond = 0 } = record.metrics;
    const total = trainer.totalSteps === undefined ? '' : `/${trainer.totalSteps}`;
    this.stream.write(`step ${record.step}${total} | ${this.text(trainer, loss, perSecond)}\n`);
  }

  onEvaluate(metrics: Metrics, trainer: TrainerView): void {
    this.evaluation = Object.entries(metrics)
      .map(([name, value]) => `${name} ${formatNumber(value)}`)
      .join(', ');
    if (!this.bar) this.stream.write(`step ${trainer.step} | evaluation: ${this.evaluation}\n`);
  }

  onEnd(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private text(trainer: TrainerView, loss: number, speed: number): string {
    const parts = [`epoch ${trainer.epoch + 1}`, `loss ${formatNumber(loss)}`];
    if (this.perplexity) parts.push(`ppl ${formatNumber(Math.exp(loss))}`);
    if (this.evaluation !== '' && this.bar) parts.push(`eval ${this.evaluation}`);
    parts.push(`${Math.round(speed)} ${this.unit}/s`, `ETA ${this.timeLeft(trainer)}`);
    return parts.join(' | ');
  }

  private timeLeft(trainer: TrainerView): string {
    const done = trainer.step - this.startStep;
    if (trainer.totalSteps === undefined || done === 0) return '?';
    const perStep = (trainer.elapsed - this.startElapsed) / done;
    return formatDuration(perStep * (trainer.totalSteps - trainer.step));
  }
}

function smooth(before: number, value: number): number {
  return Number.isNaN(before) ? value : 0.95 * before + 0.05 * value;
}

/** Four significant digits. */
export function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/** Seconds as h:mm:ss or m:ss. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
