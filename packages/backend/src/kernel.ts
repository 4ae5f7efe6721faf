// How a kernel is written down: its TensorFlow.js name, and a function that makes it for one backend.
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { D2LBackend } from './backend.ts';
import type { Kernels } from './contract.ts';

/** Runs a kernel; undefined means "not this case", and the cpu backend's kernel of that name runs instead. */
export type KernelRun = (
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
) => TensorInfo | TensorInfo[] | undefined;

export interface KernelDefinition {
  readonly name: string;
  /** Called once a backend: look up opcodes here (`backend.op`), not in every call. */
  readonly create: (backend: D2LBackend) => KernelRun;
}

/** Defines a kernel with the types of its inputs and attributes. */
export function defineKernel<Inputs, Attrs = Record<string, never>>(
  name: string,
  create: (backend: D2LBackend) => (inputs: Inputs, attrs: Attrs) => TensorInfo | TensorInfo[] | undefined,
): KernelDefinition {
  return { name, create: create as unknown as (backend: D2LBackend) => KernelRun };
}

/** The inputs of a kernel of contract.ts. */
export type InputsOf<K extends keyof Kernels<TensorInfo>> = Kernels<TensorInfo>[K]['inputs'];
type AttrsOf<K extends keyof Kernels<TensorInfo>> = Kernels<TensorInfo>[K]['attrs'];
type OutputOf<K extends keyof Kernels<TensorInfo>> = Kernels<TensorInfo>[K]['outputs'][number];

/** Defines a kernel of contract.ts. */
export function fusedKernel<K extends keyof Kernels<TensorInfo>>(
  name: K,
  create: (backend: D2LBackend) => (inputs: InputsOf<K>, attrs: AttrsOf<K>) => TensorInfo | TensorInfo[],
): KernelDefinition {
  return defineKernel(name, create);
}

/** Defines a Grad kernel of contract.ts, which gives gradients by name; those that nobody needs are released. */
export function gradientKernel<K extends keyof Kernels<TensorInfo>>(
  name: K,
  create: (
    backend: D2LBackend,
  ) => (
    inputs: InputsOf<K>,
    attrs: AttrsOf<K> & { needs: Record<OutputOf<K>, boolean> },
  ) => { [Of in OutputOf<K>]?: TensorInfo | undefined },
): KernelDefinition {
  return defineKernel<InputsOf<K>, AttrsOf<K> & { needs: Record<string, boolean> }>(name, (backend) => {
    const run = create(backend);
    return (inputs, attrs) => {
      const made: Record<string, TensorInfo | undefined> = run(inputs, attrs);
      const needed: TensorInfo[] = [];
      for (const of in attrs.needs) {
        const gradient = made[of];
        if (gradient === undefined) continue;
        if (attrs.needs[of]) needed.push(gradient);
        else backend.release(gradient);
      }
      return needed;
    };
  });
}
