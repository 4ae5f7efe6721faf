// What every test project shares: sources instead of builds, console use is a failure.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const setup = fileURLToPath(new URL('./tests/setup/failOnConsole.ts', import.meta.url));

export default defineConfig({
  resolve: { conditions: ['@d2lts/source', 'node', 'import', 'module', 'default'] },
  ssr: {
    resolve: {
      conditions: ['@d2lts/source', 'node', 'import', 'module', 'default'],
      externalConditions: ['@d2lts/source', 'node', 'import'],
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: [setup],
    pool: 'forks',
    maxWorkers: 2,
    // Only against hangs: no test may depend on speed, on any backend.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
