// Tests of the built playground without a browser. `npm run test:server -w apps/playground` runs them.
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

export default mergeConfig(
  shared,
  defineConfig({
    root: fileURLToPath(new URL('.', import.meta.url)),
    test: { name: 'server', include: ['**/*.test.ts'], maxWorkers: 1 },
  }),
);
