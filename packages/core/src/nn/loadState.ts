// Copies a state dict into variables, all or nothing.
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, ShapeError, adviseName } from '../errors/index.ts';

/** A value to load: a tensor, or raw values with their shape. */
export type StateValue = tf.Tensor | { shape: readonly number[]; data: tf.TypedArray };

/** Names that did not match. */
export interface LoadResult {
  missing: string[];
  unexpected: string[];
}

/** Copies `dict` into `state`; nothing is changed when anything does not fit. */
export function loadState(
  module: string,
  state: Record<string, tf.Variable>,
  dict: Record<string, StateValue>,
  { strict = true }: { strict?: boolean },
): LoadResult {
  const operation = `${module}.loadStateDict`;
  const names = Object.keys(state);
  const given = new Set(names.filter((name) => name in dict).map((name) => state[name]));
  const missing = names.filter((name) => !(name in dict) && !given.has(state[name]));
  const unexpected = Object.keys(dict).filter((name) => !(name in state));
  if (strict && unexpected.length > 0) {
    throw new ConfigError({
      operation,
      fact: 'the state dict must have no other names',
      value: unexpected,
      advice: adviseName(unexpected[0] as string, names),
      argument: 'dict',
    });
  }
  if (strict && missing.length > 0) {
    throw new ConfigError({
      operation,
      fact: 'the state dict must have all names; missing are',
      value: missing,
      advice: 'load with { strict: false } to keep those values',
      argument: 'dict',
    });
  }
  const present = names.filter((name) => name in dict);
  for (const name of present) {
    const [shape, expected] = [[...(dict[name] as StateValue).shape], (state[name] as tf.Variable).shape];
    if (!tf.util.arraysEqual(shape, expected)) {
      throw new ShapeError({
        operation,
        fact: `${name} must be [${expected.join(', ')}]`,
        value: shape,
        advice: "check the sizes in the model's config",
        argument: name,
      });
    }
  }
  for (const name of present) copyInto(state[name] as tf.Variable, dict[name] as StateValue);
  return { missing, unexpected };
}

/** Gives a variable its own copy of the values. */
function copyInto(variable: tf.Variable, value: StateValue): void {
  const data = value instanceof tf.Tensor ? (value.dataSync() as tf.TypedArray) : value.data;
  const copy = variable.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
  const tensor = tf.tensor(copy, variable.shape, variable.dtype as 'float32' | 'int32');
  variable.assign(tensor);
  tensor.dispose();
}
