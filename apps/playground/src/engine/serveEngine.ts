// The worker's loop: takes jobs from a port, runs them one at a time on an engine, tells every step.
import { Cancelled, type Engine, type EngineEvent } from './engine.ts';
import type { JobMessage, WorkerMessage } from './protocol.ts';

/** The part of a MessagePort that the loop uses. */
export interface Port {
  on(event: 'message', listener: (message: JobMessage) => void): unknown;
  postMessage(message: WorkerMessage): void;
}

/** An error whose cause is the request, by its own declaration (`D2LError` has a code) or by name. */
function describe(error: unknown): { code: string; message: string; mistake: boolean } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return typeof code === 'string' && !code.startsWith('ERR_')
    ? { code, message: text, mistake: true }
    : { code: 'engine_error', message: text, mistake: false };
}

/** Serves jobs from `port` until the thread ends. */
export function serveEngine(port: Port, engine: Engine): void {
  let last: Promise<void> = Promise.resolve();
  const run = async ({ id, request, cancel }: JobMessage) => {
    const cancelled = () => Atomics.load(cancel, 0) !== 0;
    try {
      if (cancelled()) throw new Cancelled();
      const tell = (event: EngineEvent) => port.postMessage({ type: 'event', id, event });
      const segments =
        'prompt' in request
          ? await engine.generate(request, tell, cancelled)
          : 'tokens' in request
            ? await engine.attend(request)
            : await engine.translate(request, tell, cancelled);
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
