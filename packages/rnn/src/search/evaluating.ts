// Running a model for search: without dropout, whatever mode it is in.
import type { Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.tidy` in evaluation mode; a model in training mode is in it again afterwards. Tensors anywhere in what `f` returns
 * stay.
 */
export function evaluating<T>(model: Module, f: () => T): T {
  const run = () => tf.tidy(f as () => tf.TensorContainer) as T;
  if (!model.training) return run();
  model.eval();
  try {
    return run();
  } finally {
    model.train();
  }
}
