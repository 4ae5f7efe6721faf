// What the worker needs from the models: list them, answer one request while telling its steps.
import type {
  AttentionRequest,
  GenerateRequest,
  ModelCard,
  ProbabilitiesRequest,
  Segment,
  StreamEvent,
  TranslateRequest,
} from '../api/types.ts';

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

/** A set of models that can translate or generate. */
export interface Engine {
  readonly backend: BackendInfo;
  /** What is held now; flat from one request to the next once the models are loaded. */
  memory(): EngineMemory;
  /** The models found, best first. */
  models(): ModelCard[];
  /**
   * Translates the text line by line. `cancelled` is asked between steps; once it answers true the
   * call rejects with `Cancelled` as soon as it can.
   */
  translate(
    request: TranslateRequest,
    tell: (event: EngineEvent) => void,
    cancelled: () => boolean,
  ): Promise<Segment[]>;
  /** Goes on from a prompt; the one segment has the prompt as its source. Stops as `translate` does. */
  generate(
    request: GenerateRequest,
    tell: (event: EngineEvent) => void,
    cancelled: () => boolean,
  ): Promise<Segment[]>;
  /** Attention weights over a given answer, every layer and head; the one segment has them as its `maps`. */
  attend(request: AttentionRequest): Promise<Segment[]>;
  /** What else was probable at each position of a given translation; the one segment has it as its `outputs`. */
  probabilities(request: ProbabilitiesRequest, cancelled: () => boolean): Promise<Segment[]>;
}

/** Thrown by an engine that was told to stop. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
