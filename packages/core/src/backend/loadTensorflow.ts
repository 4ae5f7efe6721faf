// TensorFlow's C library through tfjs-node: optional, loaded only when asked for or when a GPU is there.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { D2LError } from '../errors/index.ts';
import type { LoadOptions, LoadedBackend } from './types.ts';
import type { Environment } from './names.ts';
import { failureSentence } from './sentence.ts';

/** How a package is imported; a test gives its own. */
export type Importer = (specifier: string) => Promise<unknown>;

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];
const importPackage: Importer = (specifier) => import(specifier);

/** Registers `tensorflow` from the first of tfjs-node-gpu and tfjs-node that loads. */
export async function loadTensorflow(
  options: LoadOptions,
  importer: Importer = importPackage,
  gpuVisible: boolean = hasGpu(options.environment),
): Promise<LoadedBackend> {
  if (options.automatic && !gpuVisible) {
    throw unavailable('no GPU is visible, and without one our own backend is faster');
  }
  addRemovedNodeFunction();
  const threads = options.threads ?? cpus().length;
  if (options.threads !== undefined) {
    // TensorFlow reads these once, when its library starts.
    process.env.TF_NUM_INTRAOP_THREADS = String(threads);
    process.env.TF_NUM_INTEROP_THREADS = '1';
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

  const failures: string[] = [];
  for (const name of packages) {
    try {
      const loaded = await importer(name);
      const backend = tf.findBackend('tensorflow');
      if (!backend) throw new Error('it loaded but registered no backend');
      const onGpu = 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true;
      if (options.automatic && !onGpu) throw new Error('it loaded but sees no GPU');
      return {
        name: 'tensorflow',
        version: versionOf(loaded),
        threads,
        detail: `${name} on ${onGpu ? 'GPU' : 'CPU'}`,
      };
    } catch (error) {
      failures.push(`${name}: ${failureSentence(error)}`);
    }
  }
  throw unavailable(failures.join('; '));
}

/** Whether the system shows a CUDA device that the environment does not hide. */
export function hasGpu(environment: Environment, exists: (path: string) => boolean = existsSync): boolean {
  const hidden = environment.CUDA_VISIBLE_DEVICES;
  if (hidden === '' || hidden === '-1') return false;
  return exists('/dev/nvidia0') || exists('/dev/dxg') || exists('/proc/driver/nvidia/version');
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed. */
export function addRemovedNodeFunction(target: object = util): void {
  if ('isNullOrUndefined' in target) return;
  Object.defineProperty(target, 'isNullOrUndefined', {
    value: (value: unknown) => value === null || value === undefined,
    configurable: true,
    writable: true,
  });
}

function versionOf(loaded: unknown): string {
  const version = (loaded as { version?: { 'tfjs-node'?: string } } | null)?.version?.['tfjs-node'];
  return version ?? 'unknown';
}

function unavailable(fact: string): D2LError {
  return new D2LError({ operation: 'useBackend', fact, code: 'ERR_BACKEND' });
}
