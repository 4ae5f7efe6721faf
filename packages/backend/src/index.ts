// The TensorFlow.js backends 'native' and 'wasm': one class over two builds of the same C++ kernels.
import { findBackend, registerBackend } from '@tensorflow/tfjs-core';
import { D2LBackend } from './backend.ts';
import { type Kind, loadLibrary } from './library.ts';
import { registerKernels } from './register.ts';

export { D2LBackend } from './backend.ts';
export * from './contract.ts';
export { type CpuModule, provideCpu } from './delegate.ts';
export type { FusedBackend, ParameterUpdate } from './fused/types.ts';
export type { HalfKind } from './storage.ts';
export type { HeapStatistics } from './heap.ts';
export { defaultThreads, type Kind } from './library.ts';

/** Options of {@link loadBackend}. */
export interface LoadOptions {
  /** Threads that kernels use; default D2LTS_THREADS, else all processors. WebAssembly has one. */
  threads?: number;
}

/**
 * Loads the kernels and registers them with TensorFlow.js as backend `kind`; `tf.setBackend(kind)` then selects it.
 * Loading twice returns the same backend (and sets its threads when given).
 *
 * @throws When the build cannot be loaded: no addon was compiled, no WebAssembly file, no address space.
 * @example
 * const backend = await loadBackend('wasm');
 * await tf.setBackend('wasm');
 */
export async function loadBackend(kind: Kind, options: LoadOptions = {}): Promise<D2LBackend> {
  const library = await loadLibrary(kind, options.threads);
  const existing = findBackend(kind);
  if (existing instanceof D2LBackend && existing.library === library) return existing;
  const backend = new D2LBackend(library);
  registerKernels(backend);
  registerBackend(kind, () => backend, kind === 'native' ? 4 : 3);
  return backend;
}
