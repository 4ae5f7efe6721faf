// Our own backend in its two builds: the native addon and WebAssembly.
import { createRequire } from 'node:module';
import type { LoadOptions, LoadedBackend } from './types.ts';

/** Registers `native` or `wasm`. */
export async function loadKernels(name: 'native' | 'wasm', options: LoadOptions): Promise<LoadedBackend> {
  const { loadBackend } = await import('@d2lts/backend');
  const { threads } = options;
  const { library } = await loadBackend(name, threads === undefined ? {} : { threads });
  return {
    name,
    version: packageVersion(),
    threads: library.threads,
    detail: name === 'native' ? 'C++ addon' : 'WebAssembly',
  };
}

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('@d2lts/backend/package.json') as { version: string };
  return version;
}
