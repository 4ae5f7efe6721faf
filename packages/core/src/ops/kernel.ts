// Running a backend's fused kernels, each with its gradient.
import type { Kernels } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Thunks } from '../autograd/engine.ts';
import { defineRule, type AnyKernel, type NoGradient, type Rule } from '../autograd/rules.ts';

type Kernel = keyof Kernels<tf.Tensor>;
type InputsOf<K extends Kernel> = Kernels<tf.Tensor>[K]['inputs'];
type AttrsOf<K extends Kernel> = Kernels<tf.Tensor>[K]['attrs'];

/** Whether the current backend has this kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/**
 * Gives a kernel its gradient, or the reason why it has none, and returns what runs it: no fused kernel can be used
 * without one of the two. Inputs that are undefined are left out.
 */
export function fusedKernel<K extends Kernel>(
  name: K,
  rule: Rule<Kernels<tf.Tensor>[K]> | NoGradient,
): (inputs: InputsOf<K>, attrs: AttrsOf<K>) => tf.Tensor[] {
  defineRule(name, rule as unknown as Rule<AnyKernel>);
  return (inputs, attrs) => runKernel(name, inputs, attrs);
}

/** Gradients by input name, each computed when called, as a gradient kernel gives them. */
type GradientsOf<K extends Kernel> = { [N in Kernels<tf.Tensor>[K]['outputs'][number]]?: () => tf.Tensor };

/** Runs a gradient kernel at once for the gradients that `attrs.needs` names. */
export function gradientKernel<K extends Kernel>(
  name: K,
  inputs: InputsOf<K>,
  attrs: AttrsOf<K> & { needs: object },
): GradientsOf<K> {
  const needs = attrs.needs as Record<string, boolean>;
  const gradients: Thunks = {};
  let outputs: tf.Tensor[] | undefined;
  let count = 0;
  for (const input in needs) {
    if (!needs[input]) continue;
    outputs ??= runKernel(name, inputs, attrs);
    const gradient = outputs[count++] as tf.Tensor;
    gradients[input] = () => gradient;
  }
  return gradients as GradientsOf<K>;
}

function runKernel(name: string, inputs: object, attrs: object): tf.Tensor[] {
  const given = inputs as Record<string, tf.Tensor | undefined>;
  const present: Record<string, tf.Tensor> = {};
  for (const key in given) {
    const tensor = given[key];
    if (tensor !== undefined) present[key] = tensor;
  }
  const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, present, attrs as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

/** Whether operations are being recorded for a backward pass: fused kernels then keep what it needs. */
export function isRecording(): boolean {
  return tf.engine().isTapeOn();
}
