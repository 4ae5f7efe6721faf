// What a callback sees and can do during training.
import type { Json } from '../files/index.ts';
import type { Module } from '../nn/index.ts';
import type { Optimizer } from '../optim/index.ts';

/** Numbers by name, for instance `{ loss: 1.2, bleu: 30.1 }`. */
export type Metrics = Record<string, number>;

/** One optimizer step. */
export interface StepReport {
  /** Counts from 1. */
  step: number;
  /** Completed passes over the data. */
  epoch: number;
  /** Mean loss of the step's batches. */
  loss: number;
  /** What the mean is over: tokens, or items; 1 when the trainer was given no `weight`. */
  weight: number;
  /** Learning rate of this step. */
  lr: number;
  /** Norm of all gradients before clipping, when clipping is on. */
  gradNorm?: number;
  /** Duration in seconds. */
  seconds: number;
}

/** A record of the log: the mean over the steps since the last one, or an evaluation. */
export interface LogRecord {
  kind: 'train' | 'evaluate';
  step: number;
  epoch: number;
  /** Seconds of training so far, over all resumed parts. */
  elapsed: number;
  metrics: Metrics;
}

/** The trainer as callbacks see it. */
export interface TrainerView {
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly step: number;
  readonly epoch: number;
  /** Steps that the whole run will take, when known. */
  readonly totalSteps: number | undefined;
  readonly elapsed: number;
  /** Ends training after the current step; the reason goes into the result. */
  stop(reason: string): void;
}

/** Something that watches or steers training. All methods are optional. */
export interface Callback {
  /** Distinguishes callbacks in checkpoints. */
  readonly name: string;
  onStart?(trainer: TrainerView): void | Promise<void>;
  onStep?(report: StepReport, trainer: TrainerView): void | Promise<void>;
  onLog?(record: LogRecord, trainer: TrainerView): void | Promise<void>;
  onEvaluate?(metrics: Metrics, trainer: TrainerView): void | Promise<void>;
  /** After a checkpoint was written. */
  onSave?(folder: string, trainer: TrainerView): void | Promise<void>;
  /** When training ends, also by an error. */
  onEnd?(trainer: TrainerView): void | Promise<void>;
  /** What to keep in checkpoints. */
  state?(): Json;
  restore?(state: Json): void;
}
