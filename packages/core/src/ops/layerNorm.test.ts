// layerNorm: kernel, composition, gradients with and without residual, odd sizes.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeLayerNorm, layerNorm, type LayerNormOptions } from './index.ts';

describeOnBackends('layerNorm', (backend) => {
  const check = (
    shape: number[],
    parts: ('residual' | 'weight' | 'bias')[],
    differences = true,
    epsilon = 1e-5,
  ) => {
    const n = shape.at(-1) as number;
    const named = (given: tf.Tensor[]): LayerNormOptions => ({
      epsilon,
      ...Object.fromEntries(parts.map((part, i) => [part, given[i]])),
    });
    checkOperation({
      kernel: 'D2LLayerNorm',
      backend,
      operation: (x, ...rest) => layerNorm(x as tf.Tensor, named(rest)),
      reference: (x, ...rest) => composeLayerNorm(x as tf.Tensor, named(rest)),
      inputs: () => [
        pattern(shape, 2),
        ...parts.map((part, i) => pattern(part === 'residual' ? shape : [n], 1, i + 1)),
      ],
      differences,
      tolerance: 2e-5,
    });
  };

  it('normalises, scales and shifts', () => {
    check([3, 5], ['weight', 'bias']);
    check([2, 2, 4], []);
    check([2, 6], ['weight']);
    check([2, 6], ['bias']);
  });

  it('adds a residual first', () => check([2, 3, 4], ['residual', 'weight', 'bias']));

  it('takes odd sizes', () => {
    check([1, 1], ['weight', 'bias'], false, 0.1);
    check([4, 1], ['residual', 'weight'], false, 0.1);
    check([0, 3], ['weight', 'bias'], false);
    check([37, 67], ['residual', 'weight', 'bias'], false);
    check([3, 513], ['weight', 'bias'], false);
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => layerNorm(tf.zeros([2, 3]), { weight: tf.zeros([2]) })).toThrow(
        'layerNorm: weight must be [3], got [2]',
      );
      expect(() => layerNorm(tf.zeros([2, 3]), { residual: tf.zeros([3]) })).toThrow(
        'layerNorm: residual must be [2, 3], got [3]',
      );
    });
  });
});
