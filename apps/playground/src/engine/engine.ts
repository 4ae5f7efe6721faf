// What the worker needs from the models: list them, do one job while telling its steps; and what a mode adds to it.
import type { JobRequest, ModelCard, Segment, StreamEvent } from '../api/types.ts';
import type { Disposable } from './modelCache.ts';

/** Events an engine tells while it works; the rest of StreamEvent belongs to the server. */
export type EngineEvent = Extract<StreamEvent, { type: 'start' | 'token' | 'step' | 'segment' }>;

/** Which backend computes, and why that one. */
export interface BackendInfo {
  name: string;
  reason: string;
  threads: number;
}

/** What the models and their leftovers hold. */
export interface EngineMemory {
  /** Tensors that are not disposed. */
  tensors: number;
  /** Bytes of the kernels' heap, or of the tensors where the backend has no heap of its own. */
  tensorBytes: number;
}

/** Told of each step. */
export type Tell = (event: EngineEvent) => void;

/** A set of models that can be asked. */
export interface Engine {
  readonly backend: BackendInfo;
  /** What is held now; flat from one request to the next once the models are loaded. */
  memory(): EngineMemory;
  /** The models found, best first. */
  models(): ModelCard[];
  /**
   * Does a job; gives a segment for each line. `cancelled` is asked between steps; once it answers true the call rejects
   * with `Cancelled` as soon as it can.
   */
  run(job: JobRequest, tell: Tell, cancelled: () => boolean): Promise<Segment[]>;
}

/** How one kind of job is done with a loaded model. Which model and which request it takes, its mode knows. */
export type Work = (model: never, request: never, tell: Tell, cancelled: () => boolean) => Promise<Segment[]>;

/** What the worker must know of a mode: how to load one of its models, and how to do each kind of job with it. */
export interface ModeEngine {
  /** Of the mode. */
  id: string;
  load(path: string): Promise<Disposable>;
  /** `attention` serves the route that all modes share; a mode whose models have none leaves it out. */
  jobs: Readonly<Record<string, Work>> & { answer: Work; attention?: Work };
  /** Makes the first answer of a model as fast as the next ones. */
  warm?(model: never): Promise<unknown>;
}

/** Thrown by an engine that was told to stop. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** A segment that says nothing. */
export function emptySegment(source: string): Segment {
  return { source, sourceTokens: [], text: '', tokens: [], logProb: 0, score: 0, alternatives: [] };
}
