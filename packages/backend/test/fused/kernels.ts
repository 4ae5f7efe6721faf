// What the tests of the fused kernels share: running one by name on every backend that loads here.
import * as tf from '@tensorflow/tfjs-core';
import { type D2LBackend, type Kind, loadBackend } from '../../src/index.ts';

type Attrs = Parameters<ReturnType<typeof tf.engine>['runKernel']>[2];

/** Kinds that load on this machine; WebAssembly always must. */
export async function loadedKinds(): Promise<Kind[]> {
  await loadBackend('wasm');
  try {
    await loadBackend('native');
    return ['native', 'wasm'];
  } catch {
    return ['wasm'];
  }
}

/** Selects a backend and its number of threads (WebAssembly has one). */
export async function select(kind: Kind, threads: number): Promise<D2LBackend> {
  const backend = await loadBackend(kind, { threads });
  await tf.setBackend(kind);
  return backend;
}

/** Runs a kernel; always an array of outputs. */
export function run(kernel: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): tf.Tensor[] {
  const result = tf.engine().runKernel(kernel, inputs, attrs as Attrs) as tf.Tensor | tf.Tensor[];
  return Array.isArray(result) ? result : [result];
}

/** Asks a gradient kernel for these gradients. */
export function needing(...names: string[]): { needs: Record<string, boolean> } {
  return { needs: Object.fromEntries(names.map((name) => [name, true])) };
}

/** The largest difference, relative to the largest value (or to 1, whichever is more). */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  let scale = 1;
  for (let i = 0; i < actual.length; ++i) {
    const d = Math.abs((actual[i] as number) - (expected[i] as number));
    if (Number.isNaN(d)) return Number.POSITIVE_INFINITY;
    most = Math.max(most, d);
    scale = Math.max(scale, Math.abs(expected[i] as number));
  }
  return most / scale;
}

/** Reproducible values in (−1, 1). */
export function values(size: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tensor of such values. */
export function random(shape: number[], seed = 1): tf.Tensor {
  return tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);
}
