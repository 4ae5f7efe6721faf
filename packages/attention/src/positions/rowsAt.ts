// Where the steps of a sequence stand, and the rows of a table of positions for them.
import { ShapeError, ValueError, embedding } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** The position of the first step (the others follow), or int32 [batch, steps]: the position of every step. */
export type Positions = number | tf.Tensor;

/** Rows of a table [maxLen, dim]: [steps, dim] from an offset on, or [batch, steps, dim]. */
export function rowsAt(operation: string, table: tf.Tensor, positions: Positions, steps: number): tf.Tensor {
  const maxLen = table.shape[0]!;
  if (typeof positions !== 'number') {
    const { shape } = positions;
    if (positions.rank === 2 && shape[1] === steps) return embedding(positions, table);
    throw new ShapeError({ operation, fact: `positions must be [batch, ${steps}]`, value: shape });
  }
  if (Number.isInteger(positions) && positions >= 0 && positions + steps <= maxLen)
    return tf.slice(table, [positions, 0], [steps, table.shape[1]!]);
  throw new ValueError({
    operation,
    fact: `positions must end at ${maxLen}`,
    value: positions + steps,
    advice: 'shorten the input or build the model with a larger maxLen',
  });
}

/** Steps of an input [batch, steps, dim]. @throws ShapeError for another shape */
export function stepsOf(operation: string, x: tf.Tensor, dim: number): number {
  if (x.rank === 3 && x.shape[2] === dim) return x.shape[1]!;
  throw new ShapeError({
    operation,
    fact: `x must be [batch, steps, ${dim}]`,
    value: x.shape,
    argument: 'x',
  });
}
