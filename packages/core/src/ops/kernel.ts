// Running a backend's fused kernel: whether it has one, and how its gradients are named.
import type { FusedKernels, GradientKernels } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Thunks } from '../autograd/engine.ts';

type OptionalTensors = Record<string, tf.Tensor | undefined>;

/** Whether the current backend has this kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel; inputs that are undefined are left out. */
export function runKernel<K extends keyof FusedKernels>(
  name: K,
  inputs: OptionalTensors,
  attrs: FusedKernels[K]['attrs'],
): tf.Tensor[] {
  return run(name, inputs, attrs);
}

/** Runs a gradient kernel at once and names its outputs. */
export function gradientKernel<K extends keyof GradientKernels>(
  name: K,
  inputs: OptionalTensors,
  attrs: GradientKernels[K],
  order: readonly string[],
): Thunks {
  if (order.length === 0) return {};
  const outputs = run(name, inputs, attrs);
  const thunks: Thunks = {};
  for (let i = 0; i < order.length; i++) thunks[order[i] as string] = () => outputs[i] as tf.Tensor;
  return thunks;
}

function run(name: string, inputs: OptionalTensors, attrs: object): tf.Tensor[] {
  const present: Record<string, tf.Tensor> = {};
  for (const key in inputs) {
    const tensor = inputs[key];
    if (tensor !== undefined) present[key] = tensor;
  }
  const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, present, attrs as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

/** Whether operations are being recorded for a backward pass: fused kernels then keep what it needs. */
export function isRecording(): boolean {
  return tf.engine().isTapeOn();
}
