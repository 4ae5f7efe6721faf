// Running a model for search: without dropout, whatever mode it is in.
import type { Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.tidy` in evaluation mode; afterwards every module is in its own mode again. A model that is not in training mode is
 * taken as it is, as this runs at every step. Tensors anywhere in what `f` returns stay.
 */
export function evaluating<T>(model: Module, f: () => T): T {
  const run = () => tf.tidy(f as () => tf.TensorContainer) as T;
  return model.training ? model.evaluating(run) : run();
}
