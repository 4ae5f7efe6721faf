// The check that multiplicative scores share.
import { ShapeError } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';

/** @throws ShapeError unless both are [batch, steps, size] with the same batch */
export function checkKeys(name: string, queries: tf.Tensor, keys: tf.Tensor, size: number): void {
  const fits = keys.rank === 3 && queries.rank === 3 && queries.shape[0] === keys.shape[0];
  if (fits && queries.shape[2] === size) return;
  throw new ShapeError({
    operation: `${name}.forward`,
    fact: `queries must be [${keys.shape[0]}, queries, ${size}]`,
    value: queries.shape,
    advice: 'queries and keys must have the same batch and the same size',
    argument: 'queries',
  });
}
