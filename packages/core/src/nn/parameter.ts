// Parameters and buffers: the tensors that a module owns.
import * as tf from '@tensorflow/tfjs-core';
import { filledTensor } from '../backend/fusedBackend.ts';
import { ValueError } from '../errors/index.ts';
import type { Initializer } from '../init/index.ts';
import type { Rng } from '../random/index.ts';

const buffers = new WeakSet<tf.Tensor>();

/** The model that is being built, where its size is bounded: elements that are left, and what was made. */
let building: { left: number; made: tf.Variable[] } | undefined;

/**
 * Builds a module whose parameters and buffers may have so many elements in all. What was made is freed when it fails.
 *
 * @throws ValueError for one too many, before its memory is asked for
 */
export function buildBounded<T>(elements: number, build: () => T): T {
  const outer = building;
  const own = (building = { left: elements, made: [] as tf.Variable[] });
  try {
    return build();
  } catch (error) {
    for (const made of own.made) if (!made.isDisposed) made.dispose();
    throw error;
  } finally {
    building = outer;
  }
}

function checkRoom(shape: readonly number[]): void {
  if (building === undefined || tf.util.sizeFromShape([...shape]) <= building.left) return;
  throw new ValueError({
    operation: 'buildBounded',
    fact: `a further parameter may have at most ${building.left} elements`,
    value: shape,
    advice: 'the sizes are larger than the file of weights',
  });
}

function variable(tensor: tf.Tensor, trainable: boolean): tf.Variable {
  const result = tf.variable(tensor, trainable);
  tensor.dispose(); // the variable alone owns the data, so that in-place steps need no copy
  building?.made.push(result);
  if (building) building.left -= result.size;
  return result;
}

/** A trained tensor of a module. Takes over `tensor`. */
export function parameter(tensor: tf.Tensor): tf.Variable {
  return variable(tensor, true);
}

/** A trained tensor of a module with initial values from an initializer. */
export function initialized(shape: number[], initializer: Initializer, rng: Rng): tf.Variable {
  checkRoom(shape);
  return parameter(filledTensor(shape, (values) => initializer(values, shape, rng)));
}

/** A tensor that belongs to a module's state but is not trained (running statistics). Takes over `tensor`. */
export function buffer(tensor: tf.Tensor): tf.Variable {
  const result = variable(tensor, false);
  buffers.add(result);
  return result;
}

/** Whether a variable was made by `buffer`. */
export function isBuffer(value: tf.Tensor): boolean {
  return buffers.has(value);
}
