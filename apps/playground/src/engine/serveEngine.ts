// The worker's loop: takes jobs from a port, runs them one at a time on an engine, tells every step.
import { D2LError } from '@d2lts/core';
import { ApiError } from '../api/errors.ts';
import { Cancelled, type Engine, type EngineEvent } from './engine.ts';
import type { JobMessage, WorkerMessage } from './protocol.ts';

/** The part of a MessagePort that the loop uses. */
export interface Port {
  on(event: 'message', listener: (message: JobMessage) => void): unknown;
  postMessage(message: WorkerMessage): void;
}

/**
 * What the visitor is told. Our own errors are about the request and say what to do; any other is a fault of ours, whose
 * words (perhaps a path) are for the server's output only.
 */
function describe(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof ApiError) return { status: error.status, code: error.code, message: error.message };
  if (error instanceof D2LError) return { status: 422, code: error.code, message: error.message };
  console.error('The model failed:', error);
  const message = 'The model failed, the server’s output says why; send it again or choose another model';
  return { status: 500, code: 'engine_error', message };
}

/** Serves jobs from `port` until the thread ends. */
export function serveEngine(port: Port, engine: Engine): void {
  let last: Promise<void> = Promise.resolve();
  const run = async ({ id, request, cancel }: JobMessage) => {
    const cancelled = () => Atomics.load(cancel, 0) !== 0;
    try {
      if (cancelled()) throw new Cancelled();
      const tell = (event: EngineEvent) => port.postMessage({ type: 'event', id, event });
      const segments = await engine.run(request, tell, cancelled);
      port.postMessage({ type: 'result', id, segments, memory: engine.memory() });
    } catch (error) {
      const memory = engine.memory();
      if (error instanceof Cancelled) port.postMessage({ type: 'cancelled', id, memory });
      else port.postMessage({ type: 'error', id, ...describe(error), memory });
    }
  };
  port.on('message', (job) => {
    last = last.then(() => run(job));
  });
}
