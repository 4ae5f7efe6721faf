// Checks of arguments that the operations share; the messages follow the house form.
import type { Tensor } from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '../errors/index.ts';

/** Throws unless a tensor has the shape; a letter or name stands for any size, `...` at the front for any axes. */
export function checkShape(
  operation: string,
  argument: string,
  tensor: Tensor,
  expected: (number | string)[],
  advice = 'check the layout',
): void {
  const open = expected[0] === '...';
  const tail = open ? expected.slice(1) : expected;
  const start = tensor.shape.length - tail.length;
  const fits =
    (open ? start >= 0 : start === 0) &&
    tail.every((size, i) => typeof size === 'string' || tensor.shape[start + i] === size);
  if (fits) return;
  throw new ShapeError({
    operation,
    fact: `${argument} must be [${expected.join(', ')}]`,
    value: tensor.shape,
    advice,
    argument,
  });
}

/** Throws unless a tensor has the data type. */
export function checkType(
  operation: string,
  argument: string,
  tensor: Tensor,
  dtype: 'float32' | 'int32',
): void {
  if (tensor.dtype === dtype) return;
  throw new ShapeError({
    operation,
    fact: `${argument} must be ${dtype}`,
    value: tensor.dtype,
    advice: `cast it with tf.cast(x, '${dtype}')`,
    argument,
  });
}

/** Throws unless every id is in [0, count), or equals `except`. */
export function checkIds(
  operation: string,
  argument: string,
  ids: Tensor,
  count: number,
  except?: number,
): void {
  const values = ids.dataSync();
  for (let i = 0; i < values.length; i++) {
    const id = values[i] as number;
    if ((id < 0 || id >= count) && id !== except) {
      throw new ValueError({
        operation,
        fact: `${argument} must be in [0, ${count})`,
        value: id,
        advice: 'check the vocabulary size',
        argument,
      });
    }
  }
}

/** Throws unless p is a probability: from 0 to 1, both included. */
export function checkProbability(operation: string, p: number, argument = 'p'): void {
  if (p >= 0 && p <= 1) return;
  throw new ValueError({
    operation,
    fact: `${argument} must be in [0, 1]`,
    value: p,
    advice: 'give a probability',
    argument,
  });
}

/** A number or a pair as a pair. */
export function pair(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
