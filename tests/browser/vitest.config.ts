// Browser tests: a real Chromium on the built playground. `npm run test:browser -w apps/playground` runs them.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    name: 'browser',
    include: ['*.test.ts'],
    globalSetup: ['support/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 150_000,
    hookTimeout: 120_000,
  },
});
