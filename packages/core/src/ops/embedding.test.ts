// embedding: kernel, composition, scatter-add gradient, padding, errors.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeEmbedding, embedding } from './index.ts';

describeOnBackends('embedding', (backend) => {
  const check = (
    values: number[],
    shape: number[],
    table: number[],
    options: { scale?: number; paddingIdx?: number },
    differences = true,
  ) => {
    const ids = tf.tensor(values, shape, 'int32');
    checkOperation({
      kernel: 'D2LEmbedding',
      backend,
      operation: (weight) => embedding(ids, weight as tf.Tensor, options),
      reference: (weight) => composeEmbedding(ids, weight as tf.Tensor, options),
      inputs: () => [pattern(table)],
      differences: differences && options.paddingIdx === undefined,
    });
    ids.dispose();
  };

  it('reads rows and adds up their gradients', () => {
    check([1, 0, 1, 3], [4], [4, 3], {});
    check([1, 2, 2, 2, 0, 1], [2, 3], [3, 5], { scale: 2.5 });
    check([0], [1, 1], [1, 1], {});
    check([], [0], [3, 2], {});
    check([], [2, 0], [3, 2], {});
  });

  it('gives the padding row no gradient', () =>
    check([1, 0, 1, 2], [4], [3, 4], { paddingIdx: 1, scale: 0.5 }));

  it('refuses ids outside of the table', () => {
    tf.tidy(() => {
      const weight = tf.zeros([3, 2]);
      expect(() => embedding(tf.tensor1d([0, 3], 'int32'), weight)).toThrow(
        'embedding: ids must be in [0, 3), got 3; check the vocabulary size',
      );
      expect(() => embedding(tf.tensor1d([-1], 'int32'), weight)).toThrow(
        'embedding: ids must be in [0, 3), got -1',
      );
      expect(() => embedding(tf.tensor1d([1]), weight)).toThrow(
        'embedding: ids must be int32, got "float32"',
      );
    });
  });
});
