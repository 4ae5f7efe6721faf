// Messages between the server and the worker thread that runs the models.
import type { JobRequest, ModelCard, Segment } from '../api/types.ts';
import type { BackendInfo, EngineEvent, EngineMemory } from './engine.ts';

/** Server to worker. `cancel` is a shared flag: the server sets element 0 to 1 to stop the job. */
export interface JobMessage {
  type: 'job';
  id: number;
  request: JobRequest;
  cancel: Int32Array;
}

/** Worker to server. `memory` is what is held once the job is over. */
export type WorkerMessage =
  | { type: 'ready'; backend: BackendInfo; models: ModelCard[]; milliseconds: number; memory: EngineMemory }
  | { type: 'failed'; message: string }
  | { type: 'event'; id: number; event: EngineEvent }
  | { type: 'result'; id: number; segments: Segment[]; memory: EngineMemory }
  | { type: 'error'; id: number; status: number; code: string; message: string; memory: EngineMemory }
  | { type: 'cancelled'; id: number; memory: EngineMemory };
