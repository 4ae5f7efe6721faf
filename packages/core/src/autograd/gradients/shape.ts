// Gradient rules of kernels that move, cut and join tensors.
import * as tf from '@tensorflow/tfjs-core';
import { defineRule, type Backward } from '../rules.ts';

interface StridedAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** Puts dy back at the positions that a strided slice read: flat positions, then a segment sum. */
function unslice(dy: tf.Tensor, shape: number[], attrs: StridedAttrs): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  if (dy.size === 0 || size === 0) return tf.zeros(shape);
  const positions = tf.reshape(tf.range(0, size, 1, 'int32'), shape);
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const read = tf.stridedSlice(
    positions,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const flat = tf.reshape(read, [dy.size]) as tf.Tensor1D;
  return tf.reshape(tf.unsortedSegmentSum(tf.reshape(dy, [dy.size]), flat, size), shape);
}

/** Sums the repeated blocks of a tiled tensor. */
function untile(dy: tf.Tensor, shape: number[], reps: number[]): tf.Tensor {
  const split = shape.flatMap((size, i) => [reps[i] as number, size]); // [rep0, size0, rep1, size1, ...]
  return tf.reshape(
    tf.sum(
      tf.reshape(dy, split),
      shape.map((_, i) => 2 * i),
    ),
    shape,
  );
}

/** Registers the rules of this file. */
export function shapeRules(): void {
  defineRule('Reshape', { backward: ({ dy, shape }) => ({ x: () => tf.reshape(dy, shape('x')) }) });
  defineRule('ExpandDims', {
    backward: ({ dy, shape }) => ({ input: () => tf.reshape(dy, shape('input')) }),
  });
  defineRule<{ perm: number[] }>('Transpose', {
    backward: ({ dy, attrs: { perm } }) => ({
      x: () =>
        tf.transpose(
          dy,
          perm.map((_, i) => perm.indexOf(i)),
        ),
    }),
  });
  defineRule<{ begin: number | number[]; size: number | number[] }>('Slice', {
    backward: ({ dy, attrs, node, shape }) => ({
      x: () => {
        const full = shape('x');
        const [begin] = tf.slice_util.parseSliceParams(
          node.inputs['x'] as tf.Tensor,
          attrs.begin,
          attrs.size,
        );
        const paddings = full.map((size, i): [number, number] => {
          const start = begin[i] as number;
          return [start, size - start - (dy.shape[i] as number)];
        });
        return tf.pad(dy, paddings);
      },
    }),
  });
  defineRule<StridedAttrs>('StridedSlice', {
    backward: ({ dy, attrs, shape }) => ({ x: () => unslice(dy, shape('x'), attrs) }),
  });
  defineRule<{ paddings: [number, number][] }>('PadV2', {
    backward: ({ dy, attrs, shape }) => ({
      x: () =>
        tf.slice(
          dy,
          attrs.paddings.map(([before]) => before),
          shape('x'),
        ),
    }),
  });
  defineRule<{ paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>('MirrorPad', {
    backward: ({ dy, attrs, shape }) => ({
      x: () => {
        const size = tf.util.sizeFromShape(shape('x'));
        const positions = tf.reshape(tf.range(0, size, 1, 'int32'), shape('x'));
        const read = tf.reshape(tf.mirrorPad(positions, attrs.paddings, attrs.mode), [
          dy.size,
        ]) as tf.Tensor1D;
        return tf.reshape(tf.unsortedSegmentSum(tf.reshape(dy, [dy.size]), read, size), shape('x'));
      },
    }),
  });
  defineRule<{ dims: number | number[] }>('Reverse', {
    backward: ({ dy, attrs }) => ({ x: () => tf.reverse(dy, tf.util.parseAxisParam(attrs.dims, dy.shape)) }),
  });
  defineRule<{ reps: number[] }>('Tile', {
    backward: ({ dy, attrs, shape }) => ({ x: () => untile(dy, shape('x'), attrs.reps) }),
  });
  defineRule<{ axis: number }>('Concat', {
    backward: ({ dy, attrs, node }) => {
      const inputs = Object.entries(node.inputs);
      const axis = tf.util.parseAxisParam(attrs.axis, dy.shape)[0] as number;
      let start = 0;
      return Object.fromEntries(
        inputs.map(([name, { shape }]) => {
          const begin = dy.shape.map((_, i) => (i === axis ? start : 0));
          start += shape[axis] as number;
          return [name, () => tf.slice(dy, begin, shape)];
        }),
      );
    },
  });
  defineRule<{ axis: number }>('Pack', {
    backward: ({ dy, attrs, node }) => {
      const axis = tf.util.parseAxisParam(attrs.axis, dy.shape)[0] as number;
      return Object.fromEntries(
        Object.entries(node.inputs).map(([name, { shape }], k) => {
          const begin = dy.shape.map((_, i) => (i === axis ? k : 0));
          const size = dy.shape.map((n, i) => (i === axis ? 1 : n));
          return [name, () => tf.reshape(tf.slice(dy, begin, size), shape)];
        }),
      );
    },
  });
  const filled = ({ dys, node }: Backward) =>
    dys.map((dy, i) => dy ?? tf.zeros((node.outputs[i] as tf.Tensor).shape));
  defineRule<{ axis: number }>('Unpack', {
    backward: (context) => ({ value: () => tf.stack(filled(context), context.attrs.axis) }),
  });
  defineRule<{ axis: number }>('SplitV', {
    backward: (context) => ({ x: () => tf.concat(filled(context), context.attrs.axis) }),
  });
  defineRule<{ blockShape: number[]; paddings: number[][] }>('SpaceToBatchND', {
    backward: ({ dy, attrs }) => ({ x: () => tf.batchToSpaceND(dy, attrs.blockShape, attrs.paddings) }),
  });
  defineRule<{ blockShape: number[]; crops: number[][] }>('BatchToSpaceND', {
    backward: ({ dy, attrs }) => ({ x: () => tf.spaceToBatchND(dy, attrs.blockShape, attrs.crops) }),
  });
}
