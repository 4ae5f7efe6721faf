// Parameters and buffers: the tensors that a module owns.
import * as tf from '@tensorflow/tfjs-core';
import { filledTensor } from '../backend/fusedBackend.ts';
import type { Initializer } from '../init/index.ts';
import type { Rng } from '../random/index.ts';

const buffers = new WeakSet<tf.Tensor>();

function variable(tensor: tf.Tensor, trainable: boolean): tf.Variable {
  const result = tf.variable(tensor, trainable);
  tensor.dispose(); // the variable alone owns the data, so that in-place steps need no copy
  return result;
}

/** A trained tensor of a module. Takes over `tensor`. */
export function parameter(tensor: tf.Tensor): tf.Variable {
  return variable(tensor, true);
}

/** A trained tensor of a module with initial values from an initializer. */
export function initialized(shape: number[], initializer: Initializer, rng: Rng): tf.Variable {
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
