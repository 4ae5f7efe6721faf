// maxPool2d and avgPool2d: kernel and composition with stride and padding; the book's matrices.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { avgPool2d, composePool2d, maxPool2d, pool2d, type Pool2dOptions } from './index.ts';

describeOnBackends('pool2d', (backend) => {
  const check = (
    kind: 'max' | 'avg',
    x: number[],
    size: number | [number, number],
    options: Pool2dOptions = {},
    differences = true,
  ) =>
    checkOperation({
      kernel: 'D2LPool2d',
      backend,
      operation: (image) => pool2d(kind, image as tf.Tensor, size, options),
      reference: (image) => composePool2d(kind, image as tf.Tensor, size, options),
      inputs: () => [pattern(x)],
      differences: differences && kind === 'max' ? 'near' : differences,
    });

  it.each(['max', 'avg'] as const)('takes windows of every kind (%s)', (kind) => {
    check(kind, [2, 2, 4, 4], 2);
    check(kind, [1, 2, 5, 4], [3, 2], { stride: [1, 2] });
    check(kind, [1, 1, 5, 5], 3, { stride: 2, padding: 1 });
    check(kind, [1, 1, 1, 1], 1);
    check(kind, [0, 2, 4, 4], 2, {}, false);
    check(kind, [3, 5, 9, 7], [2, 3], { padding: [1, 1], stride: [2, 1] }, false);
  });

  it.each(['max', 'avg'] as const)('takes rows longer than a vector, and bands of rows (%s)', (kind) => {
    check(kind, [1, 2, 6, 41], 2, {}, false);
    check(kind, [1, 2, 7, 37], 3, { stride: 2, padding: 1 }, false);
    check(kind, [1, 1, 9, 50], [4, 5], { stride: [1, 3], padding: [2, 2] }, false);
    check(kind, [1, 2, 8, 35], [1, 2], { stride: [3, 4], padding: [0, 1] }, false);
    check(kind, [1, 1, 131, 70], 2, {}, false);
    check(kind, [1, 1, 70, 131], 3, { stride: 1, padding: 1 }, false);
  });

  it('gives the slope to the first of equal maxima', () => {
    tf.tidy(() => {
      const slope = tf.grad((x: tf.Tensor) => tf.sum(maxPool2d(x, 3, { stride: 1 })));
      const x = tf.tensor4d([0, 1, 1, 2, 2, 1, 2, 2, 0], [1, 1, 3, 3]);
      expectClose(slope(x), [0, 0, 0, 1, 0, 0, 0, 0, 0]);
    });
  });

  it("gives the book's pool2d: max [[4, 5], [7, 8]], avg [[2, 3], [5, 6]]", () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 9), [1, 1, 3, 3]);
      expectClose(maxPool2d(x, 2, { stride: 1 }), [4, 5, 7, 8]);
      expectClose(avgPool2d(x, 2, { stride: 1 }), [2, 3, 5, 6]);
    });
  });

  it('finds maxima of negative numbers under padding', () => {
    tf.tidy(() =>
      expectClose(maxPool2d(tf.mul(tf.ones([1, 1, 2, 2]), -3), 2, { padding: 1 }), [-3, -3, -3, -3]),
    );
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => maxPool2d(tf.zeros([1, 1, 4, 4]), 2, { padding: 2 })).toThrow(
        'maxPool2d: padding must be at most half of the window',
      );
      expect(() => avgPool2d(tf.zeros([1, 1, 2, 2]), 3)).toThrow(
        'avgPool2d: the window must fit into the padded input',
      );
    });
  });
});
