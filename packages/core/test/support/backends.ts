// Runs a suite once on every backend that this machine has: cpu (the reference), native and wasm.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { useBackend } from '../../src/backend/index.ts';
import '../../src/autograd/index.ts';

/** Backends to test; D2LTS_TEST_BACKENDS narrows them, for instance to "cpu,native". */
export const backendNames = (process.env['D2LTS_TEST_BACKENDS'] ?? 'cpu,native,wasm').split(',');

/** Why a backend does not load here; undefined when it does. */
const failures = new Map<string, string | undefined>();
for (const name of backendNames) {
  try {
    const { name: got, reason } = await useBackend(name as 'cpu');
    failures.set(name, got === name ? undefined : reason);
  } catch (error) {
    failures.set(name, String(error));
  }
}

/** `describe` for each backend; those that do not load here are reported as skipped, with the reason. */
export function describeOnBackends(title: string, suite: (backend: string) => void): void {
  for (const [name, failure] of failures) {
    if (failure !== undefined) {
      describe.skip(`${title} (${failure})`, () => suite(name));
      continue;
    }
    describe(`${title} (${name})`, () => {
      beforeAll(async () => {
        await tf.setBackend(name);
      });
      suite(name);
    });
  }
}
