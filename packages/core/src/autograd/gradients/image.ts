// Gradient rules of TensorFlow.js' own convolution, pooling, normalisation and resizing kernels (NHWC).
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../../errors/index.ts';
import { defineRule } from '../rules.ts';

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object) =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;

interface ConvAttrs {
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dataFormat: string;
  dilations: number | [number, number];
  dimRoundingMode?: string;
}

function refuseDilation(operation: string, dilations: number | number[]): void {
  if (tf.backend_util.tupleValuesAreOne(dilations)) return;
  throw new ValueError({
    operation,
    fact: 'the gradient needs dilations of 1',
    value: dilations,
    advice: "use this package's conv2d, which has it",
    argument: 'dilations',
  });
}

interface PoolAttrs {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Average pooling divides by the positions inside of the image, but AvgPoolGrad by the whole window: scales dy so
 * that both agree. TensorFlow's own kernel needs no help.
 */
function undoCounts(dy: tf.Tensor, shape: [number, number, number, number], attrs: PoolAttrs): tf.Tensor {
  if (tf.getBackend() === 'tensorflow') return dy;
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const counts = (size: number, out: number, filter: number, stride: number, before: number) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.min(size, start + filter) - Math.max(0, start);
    });
  const rows = counts(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
  const columns = counts(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
  const area = info.filterHeight * info.filterWidth;
  const scale = rows.flatMap((row) => columns.map((column) => area / (row * column)));
  if (scale.every((factor) => factor === 1)) return dy;
  return tf.mul(dy, tf.tensor(scale, [1, rows.length, columns.length, 1]));
}

/** Registers the rules of this file. */
export function imageRules(): void {
  defineRule<ConvAttrs>('Conv2D', {
    inputs: ['x', 'filter'],
    backward: ({ dy, input, attrs, shape }) => {
      refuseDilation('conv2d', attrs.dilations);
      const [x, filter] = [input('x'), input('filter')];
      const { strides, pad, dataFormat, dimRoundingMode } = attrs;
      return {
        x: () =>
          run(
            'Conv2DBackpropInput',
            { dy, filter },
            { strides, pad, dataFormat, dimRoundingMode, inputShape: shape('x') },
          ),
        filter: () =>
          run(
            'Conv2DBackpropFilter',
            { x, dy },
            { strides, pad, dataFormat, dimRoundingMode, filterShape: shape('filter') },
          ),
      };
    },
  });
  defineRule<ConvAttrs>('Conv2DBackpropInput', {
    inputs: ['dy', 'filter'],
    backward: ({ dy: ddx, input, attrs, shape }) => {
      const [dy, filter] = [input('dy'), input('filter')];
      const { strides, pad, dataFormat, dimRoundingMode } = attrs;
      return {
        dy: () =>
          run('Conv2D', { x: ddx, filter }, { strides, pad, dataFormat, dilations: [1, 1], dimRoundingMode }),
        filter: () =>
          run(
            'Conv2DBackpropFilter',
            { x: ddx, dy },
            { strides, pad, dataFormat, dimRoundingMode, filterShape: shape('filter') },
          ),
      };
    },
  });
  defineRule<ConvAttrs>('DepthwiseConv2dNative', {
    inputs: ['x', 'filter'],
    backward: ({ dy, input, attrs, shape }) => {
      refuseDilation('depthwiseConv2d', attrs.dilations);
      const [x, filter] = [input('x'), input('filter')];
      const { strides, pad, dimRoundingMode, dilations } = attrs;
      const common = { strides, pad, dimRoundingMode, dilations };
      return {
        x: () =>
          run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...common, inputShape: shape('x') }),
        filter: () =>
          run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...common, filterShape: shape('filter') }),
      };
    },
  });
  defineRule<PoolAttrs>('AvgPool', {
    inputs: ['x'],
    backward: ({ dy, input, attrs }) => ({
      x: () => {
        const x = input('x') as tf.Tensor4D;
        return run('AvgPoolGrad', { dy: undoCounts(dy, x.shape, attrs), input: x }, attrs);
      },
    }),
  });
  defineRule<object>('MaxPool', {
    inputs: ['x'],
    outputs: ['y'],
    backward: ({ dy, input, output, attrs }) => ({
      x: () => run('MaxPoolGrad', { dy, input: input('x'), output: output('y') }, attrs),
    }),
  });
  for (const name of ['ResizeBilinear', 'ResizeNearestNeighbor']) {
    defineRule<object>(name, {
      inputs: ['images'],
      backward: ({ dy, input, attrs, shape }) => ({
        // the cpu kernel's result has height and width swapped in its shape (not in its data)
        images: () => tf.reshape(run(`${name}Grad`, { dy, images: input('images') }, attrs), shape('images')),
      }),
    });
  }
  defineRule<{ varianceEpsilon: number }>('FusedBatchNorm', {
    inputs: ['x', 'mean', 'variance', 'scale'],
    backward: ({ dy, input, attrs, shape }) => {
      const scale = input('scale') ?? tf.scalar(1);
      const over = (d: tf.Tensor, name: string) => {
        const axes = tf.broadcast_util.getReductionAxes(shape(name), d.shape);
        return tf.reshape(axes.length > 0 ? tf.sum(d, axes) : d, shape(name));
      };
      const inverse = tf.rsqrt(tf.add(input('variance'), attrs.varianceEpsilon));
      const centred = tf.sub(input('x'), input('mean'));
      const scaled = tf.mul(dy, scale);
      return {
        x: () => tf.mul(scaled, inverse),
        mean: () => over(tf.neg(tf.mul(scaled, inverse)), 'mean'),
        variance: () => over(tf.mul(tf.mul(scaled, centred), tf.mul(tf.pow(inverse, 3), -0.5)), 'variance'),
        scale: () => over(tf.mul(dy, tf.mul(centred, inverse)), 'scale'),
        offset: () => over(dy, 'offset'),
      };
    },
  });
}
