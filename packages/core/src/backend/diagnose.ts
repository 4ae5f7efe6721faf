// What `d2l doctor` shows: every backend with its version, threads and speed, or why it does not load.
import * as tf from '@tensorflow/tfjs-core';
import { loadNamed } from './load.ts';
import { backendNames, wishedThreads, type BackendName, type Environment } from './names.ts';
import { failureSentence } from './sentence.ts';
import type { LoadOptions, LoadedBackend } from './types.ts';

/** One backend's health. */
export interface BackendDiagnosis {
  name: BackendName;
  available: boolean;
  version?: string;
  threads?: number;
  detail?: string;
  /** GFLOP/s of a 256 × 256 float32 matrix product, the best of a few. */
  gflops?: number;
  /** Why it is not available. */
  reason?: string;
}

export interface DiagnoseOptions {
  threads?: number;
  environment?: Environment;
  load?: (name: BackendName, options: LoadOptions) => Promise<LoadedBackend>;
  /** The clock of the speed check, in milliseconds. */
  now?: () => number;
}

/** Loads every backend in turn, multiplies two matrices on it, and returns to the backend that was current. */
export async function diagnose(options: DiagnoseOptions = {}): Promise<BackendDiagnosis[]> {
  const environment = options.environment ?? process.env;
  const threads = wishedThreads(options.threads, environment);
  const load = options.load ?? loadNamed;
  const now = options.now ?? (() => performance.now());
  const before = tf.getBackend();
  const diagnoses: BackendDiagnosis[] = [];
  try {
    for (const name of backendNames) {
      diagnoses.push(
        await diagnoseOne(name, () => load(name, { threads, environment, automatic: false }), now),
      );
    }
  } finally {
    if (before) await tf.setBackend(before);
  }
  return diagnoses;
}

async function diagnoseOne(
  name: BackendName,
  load: () => Promise<LoadedBackend>,
  now: () => number,
): Promise<BackendDiagnosis> {
  try {
    const { version, threads, detail } = await load();
    if (!(await tf.setBackend(name))) throw new Error('TensorFlow.js could not start it');
    const gflops = measureMatMul(now);
    return { name, available: true, version, threads, detail, gflops };
  } catch (error) {
    return { name, available: false, reason: failureSentence(error) };
  }
}

const size = 256;
const maxRepeats = 10;
const budgetMs = 150;

function measureMatMul(now: () => number): number {
  return tf.tidy(() => {
    const a = tf.ones([size, size]);
    const b = tf.ones([size, size]);
    const product = tf.matMul(a, b).dataSync();
    if (product[0] !== size || product[size * size - 1] !== size)
      throw new Error('its matrix product is wrong');
    let best = Infinity;
    const start = now();
    for (let i = 0; i < maxRepeats && now() - start < budgetMs; i++) {
      const begin = now();
      const result = tf.matMul(a, b);
      result.dataSync();
      best = Math.min(best, now() - begin);
      result.dispose();
    }
    return (2 * size ** 3) / (best * 1e6);
  });
}
