// What the step-by-step decoders share: laying out sources.
import * as tf from '@tensorflow/tfjs-core';

/** Sources as a model reads them; the tensors belong to the caller's `tf.tidy`. */
export interface PaddedSources {
  /** int32 [rows, keys] */
  ids: tf.Tensor2D;
  /** int32 [rows]: how much of each row is no padding. */
  lengths: tf.Tensor1D;
}

/** Pads sources on the right to the longest, at least 1. */
export function padSources(sources: readonly (readonly number[])[], padId: number): PaddedSources {
  const keys = Math.max(1, ...sources.map(({ length }) => length));
  const ids = new Int32Array(sources.length * keys).fill(padId);
  sources.forEach((source, row) => ids.set(source, row * keys));
  return {
    ids: tf.tensor2d(ids, [sources.length, keys], 'int32'),
    lengths: tf.tensor1d(
      sources.map(({ length }) => length),
      'int32',
    ),
  };
}
