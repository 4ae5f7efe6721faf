// Our own backend in its two builds: the native addon and WebAssembly.
import type { LoadOptions, LoadedBackend } from './types.ts';

interface Kernels {
  loadBackend?: (
    kind: 'native' | 'wasm',
    options: { threads?: number },
  ) => Promise<{ version?: string; threads?: number; detail?: string }>;
}

/** Registers `native` or `wasm`. */
export async function loadKernels(name: 'native' | 'wasm', options: LoadOptions): Promise<LoadedBackend> {
  const kernels = (await import('@d2lts/backend')) as unknown as Kernels;
  if (!kernels.loadBackend) throw new Error('@d2lts/backend has no loadBackend');
  const { threads } = options;
  const loaded = await kernels.loadBackend(name, threads === undefined ? {} : { threads });
  return {
    name,
    version: loaded.version ?? 'unknown',
    threads: loaded.threads ?? threads ?? 1,
    detail: loaded.detail ?? (name === 'native' ? 'C++ addon' : 'WebAssembly'),
  };
}
