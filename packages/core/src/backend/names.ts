// The backends by name, in the order in which `auto` tries them, and what the environment says about them.
import { ConfigError, adviseName } from '../errors/index.ts';

/** The backends from the first choice to the last: the last one always works. */
export const backendNames = ['tensorflow', 'native', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** Part of the process environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A backend's name or `auto`, checked. */
export function parseBackendName(name: string, source: string): BackendName | 'auto' {
  const valid = ['auto', ...backendNames];
  if (valid.includes(name)) return name as BackendName | 'auto';
  throw new ConfigError({
    operation: 'useBackend',
    fact: `${source} must name a backend`,
    value: name,
    advice: adviseName(name, valid),
    argument: source,
  });
}

/** The wished backend: the argument, else D2LTS_BACKEND, else `auto`. */
export function wishedBackend(name: string | undefined, environment: Environment): BackendName | 'auto' {
  if (name !== undefined && name !== 'auto') return parseBackendName(name, 'name');
  return parseBackendName(environment.D2LTS_BACKEND || 'auto', 'D2LTS_BACKEND');
}

/** The wished number of threads: the argument, else D2LTS_THREADS, else undefined (the backend decides). */
export function wishedThreads(threads: number | undefined, environment: Environment): number | undefined {
  const text = environment.D2LTS_THREADS;
  const source = threads === undefined ? 'D2LTS_THREADS' : 'threads';
  if (threads === undefined && (text === undefined || text === '')) return undefined;
  const count = threads ?? Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1024) return count;
  throw new ConfigError({
    operation: 'useBackend',
    fact: `${source} must be an integer from 1 to 1024`,
    value: threads ?? text,
    argument: source,
  });
}
