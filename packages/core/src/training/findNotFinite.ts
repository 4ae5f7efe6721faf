// Finds where NaN or infinity comes from: a parameter, or the first module whose output has it.
import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../nn/index.ts';

/** The culprit, as part of a sentence: `parameter decoder.weight holds NaN`. */
export interface Culprit {
  kind: 'parameter' | 'module';
  name: string;
  sentence: string;
}

/** Looks through the parameters, then runs `forward` again and looks at every module's output. */
export function findNotFinite(model: Module, forward: () => tf.Tensor): Culprit | undefined {
  for (const [name, variable] of model.namedParameters()) {
    const bad = notFinite(variable);
    if (bad) return { kind: 'parameter', name, sentence: `parameter ${name} holds ${bad}` };
  }
  return firstBadModule(model, forward);
}

type Forward = (...input: unknown[]) => unknown;

function firstBadModule(model: Module, forward: () => tf.Tensor): Culprit | undefined {
  let infinite: Culprit | undefined;
  let nan: Culprit | undefined;
  const wrapped: (Module & { forward?: Forward })[] = [];
  try {
    for (const [name, module] of model.namedModules() as Iterable<[string, Module & { forward?: Forward }]>) {
      const original = module.forward;
      if (typeof original !== 'function') continue;
      wrapped.push(module);
      module.forward = function (this: Module, ...input: unknown[]) {
        const output = original.apply(this, input);
        const bad = tensorsIn(output).map(notFinite).find(Boolean);
        const label = `${name || 'the model'} (${module.constructor.name})`;
        const culprit: Culprit = {
          kind: 'module',
          name,
          sentence: `the output of module ${label} holds ${bad}`,
        };
        // Inner modules finish first, so the first one found is the most precise.
        if (bad === 'NaN') nan ??= culprit;
        else if (bad) infinite ??= culprit;
        return output;
      };
    }
    tf.tidy(() => {
      forward();
    });
  } finally {
    for (const module of wrapped) delete module.forward;
  }
  return nan ?? infinite;
}

function notFinite(tensor: tf.Tensor): 'NaN' | 'infinity' | undefined {
  if (tensor.dtype !== 'float32') return undefined;
  const values = tensor.dataSync();
  let infinite = false;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) return 'NaN';
    infinite ||= !Number.isFinite(values[i]);
  }
  return infinite ? 'infinity' : undefined;
}

function tensorsIn(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return [];
  return Object.values(value).flatMap(tensorsIn);
}
