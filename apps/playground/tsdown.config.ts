// The server part, bundled for Node: the HTTP server and the worker that runs the models.
import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { serve: 'src/server/serve.ts', worker: 'src/engine/worker.ts' },
  format: 'esm',
  dts: false,
  platform: 'node',
  fixedExtension: false,
});
