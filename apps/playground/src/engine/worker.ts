// The worker thread: chooses a backend, finds the models, warms the first one up, then serves jobs. (Entry of dist/worker.js.)
import { D2LError, useBackend } from '@d2lts/core';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { findModels, modelRoots } from './modelFolders.ts';
import { RunStore, runsFolder } from '../training/runStore.ts';
import type { WorkerMessage } from './protocol.ts';
import { serveEngine } from './serveEngine.ts';
import { ModelEngine } from './modelEngine.ts';

const port = parentPort!;
const say = (message: WorkerMessage) => port.postMessage(message, []);
const started = performance.now();

try {
  const { name, reason, threads } = await useBackend();
  const backend = { name, reason, threads };
  const found = await findModels(modelRoots(fileURLToPath(new URL('..', import.meta.url))));
  const runs = new RunStore(runsFolder());
  const megabytes = Number(process.env['D2LTS_MODEL_MEMORY_MB'] ?? 512);
  const engine = new ModelEngine(backend, found, {
    capacityBytes: megabytes * 1e6,
    find: (id) => runs.model(id),
  });
  // One that cannot be loaded says so when it is asked; the others are there.
  await engine.warm().catch(() => {});
  serveEngine(port, engine);
  const milliseconds = Math.round(performance.now() - started);
  say({ type: 'ready', backend, models: engine.models(), milliseconds, memory: engine.memory() });
} catch (error) {
  console.error('The worker could not start:', error);
  say({
    type: 'failed',
    message: error instanceof D2LError ? error.message : 'the server’s output says why',
  });
}
