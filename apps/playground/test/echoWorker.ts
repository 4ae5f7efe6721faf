// Runs the echo engine as a worker thread, to try the page without a model.
import { parentPort } from 'node:worker_threads';
import { serveEngine } from '../src/engine/serveEngine.ts';
import { createEchoEngine } from './echoEngine.ts';

const engine = createEchoEngine(Number(process.env['ECHO_DELAY'] ?? 60));
serveEngine(parentPort!, engine);
parentPort!.postMessage(
  {
    type: 'ready',
    backend: engine.backend,
    models: engine.models(),
    milliseconds: 1,
    memory: engine.memory(),
  },
  [],
);
