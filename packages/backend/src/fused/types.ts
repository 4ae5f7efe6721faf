// What our backend offers beyond TensorFlow.js kernels: steps that change tensors in place.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerUpdate } from '../contract.ts';

/** One parameter with its gradient, its state and the settings of its step. */
export interface ParameterUpdate {
  readonly update: OptimizerUpdate;
  readonly param: Variable;
  readonly gradient: Tensor;
  /** SGD: nothing, or the velocity with momentum; Adam and AdamW: first and second moment. */
  readonly state: readonly Variable[];
}

/** Implemented by the backends 'native' and 'wasm'. */
export interface FusedBackend {
  /**
   * A new float32 tensor whose values `fill` writes to where they stay: no copy, nothing for the garbage collector. The
   * array is valid during the call only, and `fill` must make no tensors.
   */
  filled: (shape: readonly number[], fill: (values: Float32Array) => void) => Tensor;
  /** Copies the values of a float32 tensor to `values`, which has room for them. */
  copyTo: (tensor: Tensor, values: Float32Array) => void;
  /**
   * Updates all parameters and their state in place, in one call. All updates have the same kind, step and
   * momentum or betas; learning rate and weight decay may differ.
   */
  optimizerStep: (updates: readonly ParameterUpdate[]) => void;
  /** √ Σ x² over all elements of all tensors. */
  globalNorm: (tensors: readonly Tensor[]) => number;
  /** Multiplies all tensors by a factor in place; false, and nothing done, when others share their data. */
  scaleInPlace: (tensors: readonly Tensor[], factor: number) => boolean;
}
