// Running a backend's fused kernel: whether it has one, and how its gradients are named.
import * as tf from '@tensorflow/tfjs-core';
import type { Thunks } from '../autograd/engine.ts';

/** Whether the current backend has this kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

type OptionalTensors = Record<string, tf.Tensor | undefined>;

/** Runs a kernel; inputs that are undefined are left out. */
export function runKernel(name: string, inputs: OptionalTensors, attrs: object = {}): tf.Tensor[] {
  const present: Record<string, tf.Tensor> = {};
  for (const key in inputs) {
    const tensor = inputs[key];
    if (tensor !== undefined) present[key] = tensor;
  }
  const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, present, attrs as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

/** Runs a gradient kernel at once and names its outputs. */
export function gradientKernel(
  name: string,
  inputs: OptionalTensors,
  attrs: object,
  order: string[],
): Thunks {
  if (order.length === 0) return {};
  const outputs = runKernel(name, inputs, attrs);
  const thunks: Thunks = {};
  for (let i = 0; i < order.length; i++) thunks[order[i] as string] = () => outputs[i] as tf.Tensor;
  return thunks;
}

/** Whether operations are being recorded for a backward pass: fused kernels then keep what it needs. */
export function isRecording(): boolean {
  return tf.engine().isTapeOn();
}
