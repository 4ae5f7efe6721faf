// conv2d: kernel and composition with stride, padding, dilation and groups; the book's matrices.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeConv2d, conv2d, type Conv2dOptions } from './index.ts';

describeOnBackends('conv2d', (backend) => {
  const check = (
    x: number[],
    weight: number[],
    options: Conv2dOptions = {},
    bias = true,
    differences = true,
  ) =>
    checkOperation({
      kernel: 'D2LConv2d',
      backend,
      operation: (image, filter, b) =>
        conv2d(image as tf.Tensor, filter as tf.Tensor, { ...options, bias: b }),
      reference: (image, filter, b) =>
        composeConv2d(image as tf.Tensor, filter as tf.Tensor, { ...options, bias: b }),
      inputs: () => [
        pattern(x),
        pattern(weight, 1, 1),
        ...(bias ? [pattern([weight[0] as number], 1, 2)] : []),
      ],
      differences,
    });

  it('slides over the image', () => {
    check([2, 2, 4, 3], [3, 2, 2, 2]);
    check([1, 1, 3, 3], [1, 1, 3, 3], {}, false);
  });

  it('takes stride, padding, dilation and groups', () => {
    check([1, 2, 5, 4], [2, 2, 3, 2], { stride: [2, 1], padding: [1, 0] });
    check([1, 1, 5, 5], [2, 1, 2, 2], { dilation: [2, 1], padding: 1 });
    check([1, 4, 3, 3], [4, 2, 2, 2], { groups: 2, stride: 2, padding: 1 });
    check([1, 3, 3, 3], [3, 1, 2, 2], { groups: 3, dilation: 2 });
  });

  it('takes size 1, nothing, and odd sizes', () => {
    check([1, 1, 1, 1], [1, 1, 1, 1]);
    check([0, 2, 4, 4], [3, 2, 3, 3], { padding: 1 }, true, false);
    check([2, 3, 9, 11], [5, 3, 5, 3], { stride: [2, 3], padding: [2, 1] }, true, false);
    check([3, 8, 13, 7], [17, 8, 1, 1], {}, true, false);
  });

  it('takes many channels, by tiles and by rows of the image', () => {
    check([5, 16, 7, 6], [17, 16, 3, 3], { padding: 1 }, true, false); // Winograd, as the next two: odd heights, channels beyond vectors
    check([6, 33, 12, 6], [16, 33, 3, 3], {}, true, false);
    check([2, 20, 9, 9], [18, 20, 3, 3], { padding: 2 }, false, false);
    check([40, 16, 3, 3], [16, 16, 3, 3], { padding: 1 }, true, false); // too few outputs of a tile
    check([2, 48, 9, 8], [19, 48, 3, 3], { stride: 2, padding: 1 }, true, false);
    check([2, 50, 8, 7], [16, 50, 1, 1], { stride: 2 }, true, false); // inputs that nothing reads
    check([1, 48, 11, 10], [16, 48, 3, 2], { stride: [3, 4], padding: [2, 1] }, true, false);
    check([1, 24, 6, 8], [16, 24, 2, 4], { padding: [1, 3] }, false, false);
    check([1, 16, 9, 9], [33, 16, 5, 5], { padding: 4, stride: [1, 2] }, true, false);
    check([0, 64, 4, 4], [16, 64, 3, 3], { padding: 1 }, true, false);
  });

  it("gives the book's corr2d [[19, 25], [37, 43]] and corr2d_multi_in [[56, 72], [104, 120]]", () => {
    tf.tidy(() => {
      const image = tf.reshape(tf.range(0, 9), [1, 1, 3, 3]);
      const kernel = tf.reshape(tf.range(0, 4), [1, 1, 2, 2]);
      expectClose(conv2d(image, kernel), [19, 25, 37, 43]);
      const images = tf.concat([image, tf.add(image, 1)], 1);
      const kernels = tf.concat([kernel, tf.add(kernel, 1)], 1);
      expectClose(conv2d(images, kernels), [56, 72, 104, 120]);
    });
  });

  it("gives the book's output shapes of comp_conv2d", () => {
    tf.tidy(() => {
      const x = tf.zeros([1, 1, 8, 8]);
      expect(conv2d(x, tf.zeros([1, 1, 3, 3]), { padding: 1 }).shape.slice(2)).toEqual([8, 8]);
      expect(conv2d(x, tf.zeros([1, 1, 5, 3]), { padding: [2, 1] }).shape.slice(2)).toEqual([8, 8]);
      expect(conv2d(x, tf.zeros([1, 1, 3, 3]), { padding: 1, stride: 2 }).shape.slice(2)).toEqual([4, 4]);
      expect(conv2d(x, tf.zeros([1, 1, 3, 5]), { padding: [0, 1], stride: [3, 4] }).shape.slice(2)).toEqual([
        2, 2,
      ]);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => conv2d(tf.zeros([3, 8, 8]), tf.zeros([1, 3, 3, 3]))).toThrow(
        'conv2d: x must be [batch, 3, height, width], got [3, 8, 8]; add the batch or channel axis',
      );
      expect(() => conv2d(tf.zeros([1, 1, 2, 2]), tf.zeros([1, 1, 3, 3]))).toThrow(
        'conv2d: the kernel must fit into the padded input',
      );
    });
  });
});
