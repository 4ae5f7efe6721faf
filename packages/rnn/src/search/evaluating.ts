// Running a model for search: without dropout, whatever mode it is in.
import type { Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` in evaluation mode; a model in training mode is in it again afterwards. */
export function evaluating<T extends tf.TensorContainer>(model: Module, f: () => T): T {
  if (!model.training) return tf.tidy(f);
  model.eval();
  try {
    return tf.tidy(f);
  } finally {
    model.train();
  }
}
