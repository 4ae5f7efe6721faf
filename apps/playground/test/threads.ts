// Runs the worker's loop in this thread, over a pair of ports, so that tests need no worker file.
import { EventEmitter } from 'node:events';
import type { Engine } from '../src/engine/engine.ts';
import type { WorkerLike } from '../src/engine/host.ts';
import type { JobMessage, WorkerMessage } from '../src/engine/protocol.ts';
import { serveEngine } from '../src/engine/serveEngine.ts';

/** What a test can do to a fake thread. */
export interface FakeThread extends WorkerLike {
  /** Ends it as a crash would. */
  crash(): void;
}

/** A thread that serves an engine; messages are delivered asynchronously, as copies. */
export function threadOf(engine: Engine): FakeThread {
  const toHost = new EventEmitter();
  const toWorker = new EventEmitter();
  let alive = true;
  const deliver = (target: EventEmitter, message: JobMessage | WorkerMessage) =>
    setImmediate(() => alive && target.emit('message', structuredClone(message)));
  serveEngine(
    {
      on: (event, listener) => toWorker.on(event, listener),
      postMessage: (message) => deliver(toHost, message),
    },
    engine,
  );
  const [backend, models, memory] = [engine.backend, engine.models(), engine.memory()];
  deliver(toHost, { type: 'ready', backend, models, milliseconds: 1, memory });
  return {
    on: (event: string, listener: (...args: never[]) => void) => toHost.on(event, listener as () => void),
    postMessage: (message) => deliver(toWorker, message),
    terminate: async () => {
      alive = false;
    },
    crash: () => {
      alive = false;
      toHost.emit('exit', 1);
    },
  };
}
