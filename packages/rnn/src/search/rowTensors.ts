// Tensors with a row for each source or hypothesis: laying sources out, and moving rows when a search reorders them.
import * as tf from '@tensorflow/tfjs-core';

/** Sources as a model reads them; the tensors belong to the caller's `tf.tidy`. */
export interface PaddedSources {
  /** int32 [rows, steps]. */
  ids: tf.Tensor2D;
  /** int32 [rows]: how much of each row is no padding. */
  lengths: tf.Tensor1D;
}

/** Pads sources on the right to the longest, at least 1. */
export function padSources(sources: readonly (readonly number[])[], padId = 0): PaddedSources {
  const lengths = Int32Array.from(sources, ({ length }) => length);
  const steps = lengths.reduce((most, length) => Math.max(most, length), 1);
  const ids = new Int32Array(sources.length * steps).fill(padId);
  sources.forEach((source, row) => ids.set(source, row * steps));
  return { ids: tf.tensor2d(ids, [sources.length, steps], 'int32'), lengths: tf.tensor1d(lengths, 'int32') };
}

/**
 * Runs `f` with a function that gives the rows `indices` of a tensor and frees the tensor. A tensor that is moved twice
 * is moved once.
 */
export function moveRows<T>(
  indices: Int32Array,
  f: (move: (tensor: tf.Tensor, axis?: number) => tf.Tensor) => T,
): T {
  const rows = tf.tensor1d(indices, 'int32');
  const moved = new Map<tf.Tensor, tf.Tensor>();
  const result = f((tensor, axis = 0) => {
    const known = moved.get(tensor);
    if (known !== undefined) return known;
    const made = tf.gather(tensor, rows, axis);
    moved.set(tensor, made);
    tensor.dispose();
    return made;
  });
  rows.dispose();
  return result;
}

/** Which source each row belongs to: rows that only move within a source need not move what they share. */
export function moveSources(
  before: Int32Array,
  indices: Int32Array,
): { sourceOf: Int32Array; same: boolean } {
  const sourceOf = indices.map((index) => before[index]!);
  const same = sourceOf.length === before.length && sourceOf.every((source, row) => source === before[row]);
  return { sourceOf, same };
}
