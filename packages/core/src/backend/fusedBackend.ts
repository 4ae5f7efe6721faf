// What our own backends offer beyond TensorFlow.js, where the current backend is one of them.
import type { FusedBackend, HalfKind } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';

/** The current backend's in-place operations, where it has them. */
export function fusedBackend(): FusedBackend | undefined {
  const backend = tf.backend() as tf.KernelBackend & Partial<FusedBackend>;
  return typeof backend.optimizerStep === 'function' ? (backend as unknown as FusedBackend) : undefined;
}

/**
 * Rounds a model's matrices to 16-bit numbers and keeps them so, in half the memory: products of few rows, as in
 * decoding, are bound by reading weights. Values that came from an F16 or BF16 file stay the same. For inference: training
 * makes them float32 again. Does nothing on other backends than 'native'.
 *
 * @example
 * narrowWeights(model, 'float16');
 */
export function narrowWeights(model: { parameters: () => tf.Variable[] }, kind: HalfKind = 'float16'): void {
  const own = fusedBackend();
  if (own === undefined || tf.getBackend() === 'wasm') return; // WebAssembly widens more slowly than it reads
  for (const parameter of model.parameters()) if (parameter.rank >= 2) own.narrow(parameter, kind);
}

/**
 * A float32 tensor with the values that `fill` writes; on our own backends straight to where they stay.
 *
 * @example
 * const noise = filledTensor([64, 100], (values) => rng.fillNormal(values));
 */
export function filledTensor(shape: readonly number[], fill: (values: Float32Array) => void): tf.Tensor {
  const own = fusedBackend();
  if (own !== undefined) return own.filled(shape, fill);
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  fill(values);
  return tf.tensor(values, [...shape], 'float32');
}

/**
 * The values of a float32 tensor: at the beginning of `into`, where that has room for them, else in an array of their
 * own. Who reads again and again leaves less for the garbage collector this way.
 */
export async function readFloats(tensor: tf.Tensor, into?: Float32Array): Promise<Float32Array> {
  if (into === undefined || into.length < tensor.size) return (await tensor.data()) as Float32Array;
  const values = into.subarray(0, tensor.size);
  const own = fusedBackend();
  if (own === undefined) values.set((await tensor.data()) as Float32Array);
  else own.copyTo(tensor, values);
  return values;
}
