// What our backend offers beyond TensorFlow.js kernels: steps that change tensors in place.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerUpdate } from '../contract.ts';
import type { HalfKind } from '../storage.ts';

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
  /**
   * Rounds a float32 variable to 16-bit numbers, and keeps it as such. Linear layers and embeddings read it so; any other
   * kernel, and an optimizer, makes it float32 again, for good.
   */
  narrow: (variable: Variable, kind: HalfKind) => void;
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
