// Choosing the backend that runs all tensor operations.
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, D2LError } from '../errors/index.ts';
import { loadNamed } from './load.ts';
import { backendNames, wishedBackend, wishedThreads, type BackendName, type Environment } from './names.ts';
import { failureSentence } from './sentence.ts';
import type { LoadOptions, LoadedBackend } from './types.ts';

/** The backend in use and why it was chosen. */
export interface BackendChoice extends LoadedBackend {
  /** One line: what was chosen and why the better ones were not. */
  reason: string;
}

export interface UseBackendOptions {
  /** Threads for the kernels; by default D2LTS_THREADS, else all cores. */
  threads?: number;
  /** Throw when the named backend does not load, instead of serving the next one. */
  strict?: boolean;
  /** In place of `process.env`. */
  environment?: Environment;
  /** How a backend is loaded; for tests. */
  load?: (name: BackendName, options: LoadOptions) => Promise<LoadedBackend>;
}

/**
 * Makes a backend the current one of TensorFlow.js. `auto` tries tensorflow (only with a GPU), native, wasm, cpu.
 * D2LTS_BACKEND and D2LTS_THREADS stand in where the argument and option are not given. A named backend that does
 * not load is replaced by the next in that order, and the reason says so.
 *
 * @throws ConfigError for an unknown name, or with `strict` for a backend that does not load
 * @example
 * const { name, reason } = await useBackend();
 * const reference = await useBackend('cpu');
 */
export async function useBackend(
  name?: 'auto' | BackendName,
  options: UseBackendOptions = {},
): Promise<BackendChoice> {
  const environment = options.environment ?? process.env;
  const wished = wishedBackend(name, environment);
  const threads = wishedThreads(options.threads, environment);
  const load = options.load ?? loadNamed;
  const order = wished === 'auto' ? backendNames : backendNames.slice(backendNames.indexOf(wished));

  const failures: string[] = [];
  for (const candidate of order) {
    const automatic = candidate !== wished;
    try {
      const loaded = await load(candidate, { threads, environment, automatic });
      await activate(candidate);
      return { ...loaded, reason: reasonFor(loaded, wished, failures) };
    } catch (error) {
      const failure = `${candidate}: ${failureSentence(error)}`;
      if (options.strict === true && candidate === wished) throw notLoaded(candidate, failure, error);
      failures.push(failure);
    }
  }
  throw new D2LError({
    operation: 'useBackend',
    fact: `no backend loads (${failures.join('; ')})`,
    code: 'ERR_BACKEND',
  });
}

async function activate(name: BackendName): Promise<void> {
  if (tf.getBackend() === name) return;
  const done = await tf.setBackend(name);
  if (!done) throw new Error('TensorFlow.js could not start it');
}

function reasonFor(loaded: LoadedBackend, wished: string, failures: string[]): string {
  const threads = loaded.threads === 1 ? '1 thread' : `${loaded.threads} threads`;
  const what = `${loaded.name} ${loaded.version} (${loaded.detail}, ${threads})`;
  if (failures.length > 0) return `${what}, because ${failures.join('; ')}`;
  return wished === loaded.name ? `${what}, as asked` : `${what}, the first choice`;
}

function notLoaded(name: BackendName, failure: string, cause: unknown): ConfigError {
  return new ConfigError({
    operation: 'useBackend',
    fact: `the backend does not load (${failure})`,
    value: name,
    advice: 'use auto, or run `d2l doctor` to see every backend',
    argument: 'name',
    cause,
  });
}
