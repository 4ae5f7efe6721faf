// softmaxCrossEntropy: kernel, composition, reductions, weights, smoothing, ignored labels.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeSoftmaxCrossEntropy, softmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from './index.ts';

describeOnBackends('softmaxCrossEntropy', (backend) => {
  const check = (
    labels: number[],
    shape: number[],
    classes: number,
    options: SoftmaxCrossEntropyOptions = {},
    differences = true,
  ) => {
    const ids = tf.tensor(labels, shape, 'int32');
    checkOperation({
      kernel: 'D2LSoftmaxCrossEntropy',
      backend,
      operation: (logits) => softmaxCrossEntropy(logits as tf.Tensor, ids, options),
      reference: (logits) => composeSoftmaxCrossEntropy(logits as tf.Tensor, ids, options),
      inputs: () => [pattern([...shape, classes], 2)],
      differences,
    });
    ids.dispose();
  };

  it.each(['none', 'sum', 'mean'] as const)('reduces by %s', (reduction) => {
    check([1, 0, 2], [3], 4, { reduction });
    check([1, 0, 2, 1], [2, 2], 3, { reduction, labelSmoothing: 0.1 });
    check([1, -100, 2], [3], 3, { reduction });
    check([1, 0, 2], [3], 3, { reduction, ignoreIndex: 0, labelSmoothing: 0.2 });
    const weights = tf.tensor1d([1, 0, 2.5]);
    check([1, 0, 2], [3], 3, { reduction, weights });
    weights.dispose();
  });

  it('takes size 1, no rows, and only ignored rows', () => {
    check([0], [1], 1);
    check([], [0], 3, { reduction: 'sum' }, false);
    check([], [0], 3, { reduction: 'mean' }, false);
    check([-100, -100], [2], 3, { reduction: 'mean' });
    check([5, 63, 0, 32], [4], 67, {}, false);
  });

  it('stays finite for huge logits', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([
        [1e4, 0],
        [-1e4, 0],
      ]);
      expectClose(softmaxCrossEntropy(logits, tf.tensor1d([0, 0], 'int32'), { reduction: 'none' }), [0, 1e4]);
    });
  });

  it("gives the book's masked losses of ones [2.3026, 1.1513, 0]", () => {
    tf.tidy(() => {
      const mask = tf.tensor2d([
        [1, 1, 1, 1],
        [1, 1, 0, 0],
        [0, 0, 0, 0],
      ]);
      const options = { weights: mask, reduction: 'none' } as const;
      const loss = softmaxCrossEntropy(tf.ones([3, 4, 10]), tf.ones([3, 4], 'int32'), options);
      expectClose(tf.mean(loss, 1), [Math.LN10, Math.LN10 / 2, 0]);
    });
  });

  it('refuses labels that are no class', () => {
    tf.tidy(() => {
      const logits = tf.zeros([2, 3]);
      expect(() => softmaxCrossEntropy(logits, tf.tensor1d([0, 3], 'int32'))).toThrow(
        'softmaxCrossEntropy: labels must be in [0, 3), got 3',
      );
      expect(() => softmaxCrossEntropy(logits, tf.tensor1d([0], 'int32'))).toThrow(
        'softmaxCrossEntropy: logits must be [1, classes], got [2, 3]',
      );
    });
  });
});
