// maxPool2d and avgPool2d in PyTorch's layout.
import { Pool2d, Pool2dGrad, type Pool2dAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { checkShape, checkType, pair } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/** Options of the pooling operations; a number stands for both axes. */
export interface Pool2dOptions {
  /** The window's size by default. */
  stride?: number | [number, number];
  /** Positions added on each side, at most half the window; 0 by default. They never win a maximum; averages count them as zeros. */
  padding?: number | [number, number];
}

/** Maximum of each window of [batch, channels, height, width]; the gradient goes to the first maximum. Book: pooling. */
export function maxPool2d(
  x: tf.Tensor,
  size: number | [number, number],
  options: Pool2dOptions = {},
): tf.Tensor {
  return pool2d('max', x, size, options);
}

/** Mean of each window of [batch, channels, height, width]. Book: pooling. */
export function avgPool2d(
  x: tf.Tensor,
  size: number | [number, number],
  options: Pool2dOptions = {},
): tf.Tensor {
  return pool2d('avg', x, size, options);
}

/** Pooling by name. */
export function pool2d(
  kind: 'max' | 'avg',
  x: tf.Tensor,
  size: number | [number, number],
  options: Pool2dOptions = {},
): tf.Tensor {
  const attrs = poolAttrs(kind, x, size, options);
  if (!hasKernel(Pool2d)) return composePool2d(kind, x, size, options);
  return runPool2d({ x }, attrs)[0] as tf.Tensor;
}

function poolAttrs(
  kind: 'max' | 'avg',
  x: tf.Tensor,
  size: number | [number, number],
  options: Pool2dOptions,
): Pool2dAttrs {
  const name = `${kind}Pool2d`;
  checkType(name, 'x', x, 'float32');
  checkShape(name, 'x', x, ['batch', 'channels', 'height', 'width'], 'add the batch or channel axis');
  const kernel = pair(size);
  const attrs: Pool2dAttrs = {
    kind,
    kernel,
    stride: pair(options.stride ?? kernel),
    padding: pair(options.padding ?? 0),
  };
  for (const axis of [0, 1] as const) {
    const fits = (x.shape[2 + axis] as number) + 2 * attrs.padding[axis] >= kernel[axis];
    if (fits && 2 * attrs.padding[axis] <= kernel[axis]) continue;
    const fact = fits
      ? 'padding must be at most half of the window'
      : 'the window must fit into the padded input';
    throw new ValueError({
      operation: name,
      fact,
      value: { input: x.shape.slice(2), kernel, padding: attrs.padding },
      advice: 'change the window or the padding',
      argument: fits ? 'padding' : 'size',
    });
  }
  return attrs;
}

/** Pooling composed of TensorFlow.js operations: the reference. */
export function composePool2d(
  kind: 'max' | 'avg',
  x: tf.Tensor,
  size: number | [number, number],
  options: Pool2dOptions = {},
): tf.Tensor {
  const { kernel, stride, padding } = poolAttrs(kind, x, size, options);
  return tf.tidy(() => {
    const edges: [number, number][] = [
      [0, 0],
      [0, 0],
      [padding[0], padding[0]],
      [padding[1], padding[1]],
    ];
    const padded = padding[0] + padding[1] === 0 ? x : tf.pad(x, edges, kind === 'max' ? -3.4e38 : 0);
    const image = tf.transpose(padded, [0, 2, 3, 1]) as tf.Tensor4D; // NHWC
    const y =
      kind === 'max'
        ? tf.maxPool(image, kernel, stride, 'valid')
        : tf.avgPool(image, kernel, stride, 'valid');
    return tf.transpose(y, [0, 3, 1, 2]);
  });
}

const runPool2d = fusedKernel(Pool2d, {
  inputs: ['x'],
  backward: ({ dy, input, attrs, needs }) =>
    gradientKernel(Pool2dGrad, { dy, x: input('x') }, { ...attrs, needs: { x: needs('x') } }),
});
