// softmaxCrossEntropy: kernel, composition, reductions, weights, smoothing, ignored labels.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { valueAndGrads } from '../autograd/index.ts';
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

  // torch.nn.functional.cross_entropy and its gradient, torch 2.13
  it.each([
    [Array<number>(7).fill(1e4), 2, 0, 1.9459101, [1, 1, -6, 1, 1, 1, 1].map((x) => x / 7)],
    [Array<number>(7).fill(1e8), 2, 0, 1.9459101, [1, 1, -6, 1, 1, 1, 1].map((x) => x / 7)],
    [[1e8, 1e8 + 8, 1e8 - 8], 0, 0, 8.00033569, [-0.99966466, 0.99966455, 1.12497403e-7]],
    [[1e8, 1e8 + 8, 1e8 - 8], 0, 0.1, 8.00033569, [-0.932998, 0.96633118, -0.03333322]],
    [[-1e8, -1e8, -1e8 - 8], 1, 0, 0.69331491, [0.49991614, -0.50008386, 0.0001677]],
    [[0, -Infinity, 1], 0, 0, 1.31326163, [-0.7310586, 0, 0.7310586]],
  ])(
    "keeps PyTorch's digits and gradients for logits %j",
    (logits, label, labelSmoothing, loss, gradient) => {
      const x = tf.variable(tf.tensor2d([logits]));
      const labels = tf.tensor1d([label], 'int32');
      for (const reduction of ['mean', 'none'] as const) {
        const f = () => tf.sum(softmaxCrossEntropy(x, labels, { labelSmoothing, reduction })) as tf.Scalar;
        const { value, grads } = valueAndGrads(f, [x]);
        expectClose(value, [loss], 1e-6);
        expectClose(grads[0]!, gradient, 1e-6);
        tf.dispose([value, grads]);
      }
      tf.dispose([x, labels]);
    },
  );

  it('takes no notice of rows that do not count, whatever is in them', () => {
    const x = tf.variable(tf.tensor2d([[1, 2], [NaN, Infinity], [-Infinity, -Infinity]])); // prettier-ignore
    const labels = tf.tensor1d([0, 1, -100], 'int32');
    const weights = tf.tensor1d([1, 0, 1]);
    const { value, grads } = valueAndGrads(
      () => softmaxCrossEntropy(x, labels, { weights, labelSmoothing: 0.1 }) as tf.Scalar,
      [x],
    );
    expectClose(value, [1.26326168], 1e-6);
    expectClose(grads[0]!, [-0.68105859, 0.68105859, 0, 0, 0, 0], 1e-6);
    tf.dispose([x, labels, weights, value, grads]);
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
