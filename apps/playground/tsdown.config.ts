// The server part, bundled for Node: the HTTP server, the worker that runs the models, the process that trains.
import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { serve: 'src/server/serve.ts', worker: 'src/engine/worker.ts', trainer: 'src/training/trainer.ts' },
  format: 'esm',
  dts: false,
  platform: 'node',
  fixedExtension: false,
});
