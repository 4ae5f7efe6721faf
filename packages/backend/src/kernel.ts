// How a kernel is written down: its TensorFlow.js name, and a function that makes it for one backend.
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { D2LBackend } from './backend.ts';

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
