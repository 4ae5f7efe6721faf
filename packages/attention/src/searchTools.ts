// What the step-by-step decoders share: running without dropout, and reading a tensor once.
import type { Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Runs `f` without dropout, frees what it leaves but for what was kept, and sets the model's mode back. */
export function evaluating<T>(model: Module, f: () => T): T {
  const wasTraining = model.training;
  if (wasTraining) model.eval();
  tf.engine().startScope();
  try {
    return f();
  } finally {
    tf.engine().endScope();
    if (wasTraining) model.train();
  }
}

/** The tensor's values; the tensor is gone afterwards. */
export async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
