// Runs a suite once on every backend that this machine has: cpu (the reference), native and wasm.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { useBackend } from '../../src/backend/index.ts';
import { registerGradients } from '../../src/autograd/index.ts';

/** Backends to test; D2LTS_TEST_BACKENDS narrows them, for instance to "cpu,native". */
export const backendNames = (process.env['D2LTS_TEST_BACKENDS'] ?? 'cpu,native,wasm').split(',');

const loaded: string[] = [];
for (const name of backendNames) {
  try {
    const { name: got } = await useBackend(name as 'cpu');
    if (got === name) loaded.push(name);
  } catch {
    // not on this machine
  }
}

/** `describe` for each backend that loads here. */
export function describeOnBackends(title: string, suite: (backend: string) => void): void {
  for (const name of loaded) {
    describe(`${title} (${name})`, () => {
      beforeAll(async () => {
        registerGradients();
        await tf.setBackend(name);
      });
      suite(name);
    });
  }
}
