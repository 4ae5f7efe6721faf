// Fan-in and fan-out of a weight, as PyTorch counts them.
import { ShapeError } from '../errors/index.ts';

/** Inputs and outputs of one unit of a weight [out, in, ...receptive field]. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError({
      operation: 'fans',
      fact: 'a weight needs at least two axes',
      value: shape,
      advice: 'use constant, uniform or normal for vectors',
      argument: 'shape',
    });
  }
  const [out, size, ...field] = shape as [number, number, ...number[]];
  const receptive = field.reduce((product, n) => product * n, 1);
  return { fanIn: size * receptive, fanOut: out * receptive };
}

/** Nonlinearities with a known gain. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu';

/** PyTorch's recommended gain for a nonlinearity; `slope` is that of the leaky ReLU. */
export function gain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + slope * slope));
  }
}
