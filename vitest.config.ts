// Test projects: one per package, one for what crosses packages.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'tests'],
    reporters: process.env.CI ? ['default'] : ['default'],
  },
});
