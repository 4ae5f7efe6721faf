// What the worker needs from a translator: list the models, translate one request while telling its steps.
import type { ModelCard, Segment, StreamEvent, TranslateRequest } from '../api/types.ts';

/** Events an engine tells while it works; the rest of StreamEvent belongs to the server. */
export type EngineEvent = Extract<StreamEvent, { type: 'start' | 'token' | 'step' | 'segment' }>;

/** Which backend computes, and why that one. */
export interface BackendInfo {
  name: string;
  reason: string;
  threads: number;
}

/** A set of models that can translate. */
export interface Engine {
  readonly backend: BackendInfo;
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
}

/** Thrown by an engine that was told to stop. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
