// linear: kernel, composition, gradients, odd sizes, errors.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeLinear, linear } from './index.ts';

const activations = ['linear', 'relu', 'gelu', 'tanh', 'sigmoid', 'silu'] as const;

describeOnBackends('linear', (backend) => {
  const check = (
    x: number[],
    out: number,
    bias: boolean,
    activation: (typeof activations)[number],
    differences = true,
  ) => {
    const size = x.at(-1) as number;
    checkOperation({
      kernel: 'D2LLinear',
      backend,
      operation: (input, weight, b) =>
        linear(input as tf.Tensor, weight as tf.Tensor, { bias: b, activation }),
      reference: (input, weight, b) =>
        composeLinear(input as tf.Tensor, weight as tf.Tensor, { bias: b, activation }),
      inputs: () => [pattern(x), pattern([out, size], 0.7, 1), ...(bias ? [pattern([out], 0.5, 2)] : [])],
      differences,
    });
  };

  it.each(activations)('applies %s', (activation) => {
    check([2, 3], 4, true, activation);
    check([3, 5], 2, false, activation);
  });

  it.each([
    [[1, 1], 1],
    [[7, 3, 5], 11],
    [[2, 1, 17], 3],
    [[0, 4], 3],
    [[2, 0, 4], 3],
  ] as const)('takes %j to %i', (x, out) => {
    check([...x], out, true, 'gelu', false);
    check([...x], out, false, 'linear', false);
  });

  it('agrees for the few rows of decoding, whose columns are read far apart', () => {
    for (let rows = 1; rows <= 9; rows += 1)
      for (const [size, out] of [
        [37, 45],
        [16, 8],
        [5, 3],
      ] as const)
        check([rows, size], out, true, 'relu', false);
  });

  it.each([
    [32, 32],
    [32, 96],
    [48, 200],
    [128, 40],
    [260, 32],
  ])('agrees where factors are read in place: from %i to %i', (size, out) => {
    check([130, size], out, true, 'relu', false);
    check([130, size], out, false, 'silu', false);
  });

  it('agrees on larger sizes', () => check([65, 130], 97, true, 'relu', false));

  it('leaves out the gradients that nobody asks for', () => {
    const weight = tf.variable(pattern([2, 3]));
    const x = pattern([4, 3]);
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => tf.sum(linear(x, weight)) as tf.Scalar, [weight]);
      expect(grads[weight.name]?.shape).toEqual([2, 3]);
    });
    tf.dispose([weight, x]);
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      const weight = tf.zeros([4, 3]);
      expect(() => linear(tf.zeros([2, 5]), weight)).toThrow(
        "linear: x must be [..., 3], got [2, 5]; its last axis must be the weight's second",
      );
      expect(() => linear(tf.zeros([2, 3]), weight, { bias: tf.zeros([3]) })).toThrow(
        'linear: bias must be [4], got [3]',
      );
      expect(() => linear(tf.zeros([2, 3], 'int32'), weight)).toThrow(
        'linear: x must be float32, got "int32"; cast it with tf.cast(x, \'float32\')',
      );
    });
  });
});
