// conv2d: two-dimensional cross-correlation in PyTorch's layout.
import { Conv2d, Conv2dGrad, type Conv2dAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { checkShape, checkType, pair } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/** Options of `conv2d`; a number stands for both axes. */
export interface Conv2dOptions {
  /** [out]. */
  bias?: tf.Tensor | undefined;
  /** 1 by default. */
  stride?: number | [number, number];
  /** Zeros added on each side; 0 by default. */
  padding?: number | [number, number];
  /** Spacing of the kernel's taps; 1 by default. */
  dilation?: number | [number, number];
  /** Channel groups that do not mix; 1 by default. */
  groups?: number;
}

/**
 * Cross-correlation of [batch, in, height, width] with [out, in / groups, kh, kw]. Book: conv-layer, padding-and-strides.
 *
 * @returns [batch, out, height', width'].
 * @throws ShapeError or ValueError when sizes do not fit.
 */
export function conv2d(x: tf.Tensor, weight: tf.Tensor, options: Conv2dOptions = {}): tf.Tensor {
  const attrs = convAttrs(x, weight, options);
  if (!hasKernel(Conv2d)) return composeConv2d(x, weight, options);
  return runConv2d({ x, weight, bias: options.bias }, attrs)[0] as tf.Tensor;
}

function convAttrs(x: tf.Tensor, weight: tf.Tensor, options: Conv2dOptions): Conv2dAttrs {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkType('conv2d', 'x', x, 'float32');
  checkShape('conv2d', 'weight', weight, ['out', 'in / groups', 'kh', 'kw']);
  checkShape(
    'conv2d',
    'x',
    x,
    ['batch', groups * (weight.shape[1] as number), 'height', 'width'],
    'add the batch or channel axis',
  );
  if (bias !== undefined) checkShape('conv2d', 'bias', bias, [weight.shape[0] as number]);
  if ((weight.shape[0] as number) % groups !== 0) {
    throw new ValueError({
      operation: 'conv2d',
      fact: 'out channels must be a multiple of groups',
      value: [weight.shape[0], groups],
      advice: 'change one of them',
      argument: 'groups',
    });
  }
  const attrs = { stride: pair(stride), padding: pair(padding), dilation: pair(dilation), groups };
  for (const [axis, size] of outputSize(x.shape, weight.shape, attrs).entries()) {
    if (size < 1) {
      throw new ValueError({
        operation: 'conv2d',
        fact: 'the kernel must fit into the padded input',
        value: { input: x.shape.slice(2), kernel: weight.shape.slice(2), axis },
        advice: 'use a larger input, more padding or a smaller kernel',
        argument: 'x',
      });
    }
  }
  return attrs;
}

/** Output height and width. */
function outputSize(
  x: number[],
  weight: number[],
  { stride, padding, dilation }: Conv2dAttrs,
): [number, number] {
  const size = (axis: 0 | 1) => {
    const reach = dilation[axis] * ((weight[2 + axis] as number) - 1) + 1;
    return Math.floor(((x[2 + axis] as number) + 2 * padding[axis] - reach) / stride[axis]) + 1;
  };
  return [size(0), size(1)];
}

/**
 * `conv2d` composed of TensorFlow.js operations: `tf.conv2d` where its gradient exists, else a sum over the
 * kernel's taps of 1 × 1 convolutions.
 */
export function composeConv2d(x: tf.Tensor, weight: tf.Tensor, options: Conv2dOptions = {}): tf.Tensor {
  const attrs = convAttrs(x, weight, options);
  const { stride, padding, dilation, groups } = attrs;
  return tf.tidy(() => {
    const padded =
      padding[0] + padding[1] === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [0, 0],
            [padding[0], padding[0]],
            [padding[1], padding[1]],
          ]);
    let y: tf.Tensor;
    if (groups === 1 && dilation[0] === 1 && dilation[1] === 1 && x.size > 0) {
      const image = tf.transpose(padded, [0, 2, 3, 1]) as tf.Tensor4D; // NHWC
      const filter = tf.transpose(weight, [2, 3, 1, 0]) as tf.Tensor4D; // [kh, kw, in, out]
      y = tf.transpose(tf.conv2d(image, filter, stride, 'valid'), [0, 3, 1, 2]);
    } else {
      y = tapSum(padded, weight, attrs, outputSize(x.shape, weight.shape, attrs));
    }
    return options.bias === undefined ? y : tf.add(y, tf.reshape(options.bias, [1, -1, 1, 1]));
  });
}

function tapSum(
  padded: tf.Tensor,
  weight: tf.Tensor,
  { stride, dilation, groups }: Conv2dAttrs,
  [height, width]: [number, number],
): tf.Tensor {
  const [batch, channels] = padded.shape as [number, number];
  const [out, inGroup, kh, kw] = weight.shape as [number, number, number, number];
  const filters = tf.reshape(weight, [groups, out / groups, inGroup, kh, kw]);
  let sum: tf.Tensor | undefined;
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const begin = [0, 0, i * dilation[0], j * dilation[1]];
      const end = [
        batch,
        channels,
        i * dilation[0] + (height - 1) * stride[0] + 1,
        j * dilation[1] + (width - 1) * stride[1] + 1,
      ];
      const tap = tf.reshape(tf.stridedSlice(padded, begin, end, [1, 1, ...stride]), [
        batch,
        groups,
        inGroup,
        height * width,
      ]);
      const filter = tf.reshape(tf.slice(filters, [0, 0, 0, i, j], [groups, out / groups, inGroup, 1, 1]), [
        1,
        groups,
        out / groups,
        inGroup,
      ]);
      const part = tf.matMul(filter, tap); // [batch, groups, out / groups, height · width]
      sum = sum === undefined ? part : tf.add(sum, part);
    }
  }
  return tf.reshape(sum as tf.Tensor, [batch, out, height, width]);
}

const runConv2d = fusedKernel(Conv2d, {
  inputs: ['x', 'weight'],
  backward: ({ dy, input, attrs, needs }) =>
    gradientKernel(
      Conv2dGrad,
      { dy, x: input('x'), weight: input('weight') },
      { ...attrs, needs: { x: needs('x'), weight: needs('weight'), bias: needs('bias') } },
    ),
});
