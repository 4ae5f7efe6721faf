// Gradient rules of kernels that read or write by index.
import * as tf from '@tensorflow/tfjs-core';
import { defineRule } from '../rules.ts';

/** Gradient of `gather`: add dy's slices to the rows that were read. */
function ungather(
  dy: tf.Tensor,
  indices: tf.Tensor,
  shape: number[],
  axis: number,
  batchDims: number,
): tf.Tensor {
  const batch = tf.util.sizeFromShape(shape.slice(0, batchDims));
  const outer = tf.util.sizeFromShape(shape.slice(batchDims, axis));
  const count = shape[axis] as number;
  const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
  const each = batch === 0 ? 0 : indices.size / batch; // indices per batch element
  if (dy.size === 0) return tf.zeros(shape);
  // [batch, outer, each, inner] -> [batch · each, outer · inner]
  const rows = tf.reshape(tf.transpose(tf.reshape(dy, [batch, outer, each, inner]), [0, 2, 1, 3]), [
    batch * each,
    outer * inner,
  ]);
  let ids = tf.reshape(indices, [batch, each]);
  if (batch > 1)
    ids = tf.add(
      ids,
      tf.reshape(tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(count, 'int32')), [batch, 1]),
    );
  const summed = tf.unsortedSegmentSum(rows, tf.reshape(ids, [batch * each]) as tf.Tensor1D, batch * count);
  return tf.reshape(tf.transpose(tf.reshape(summed, [batch, count, outer, inner]), [0, 2, 1, 3]), shape);
}

/** Registers the rules of this file. */
export function gatherRules(): void {
  defineRule<{ axis: number; batchDims: number }>('GatherV2', {
    inputs: ['indices'],
    backward: ({ dy, input, attrs, shape }) => ({
      x: () => {
        const axis = tf.util.parseAxisParam(attrs.axis, shape('x'))[0] as number;
        return ungather(dy, input('indices'), shape('x'), axis, attrs.batchDims);
      },
      indices: () => tf.zeros(shape('indices')),
    }),
  });
  defineRule('GatherNd', {
    inputs: ['indices'],
    backward: ({ dy, input, shape }) => ({
      params: () => tf.scatterND(input('indices'), dy, shape('params')),
      indices: () => tf.zeros(shape('indices')),
    }),
  });
  defineRule('ScatterNd', {
    inputs: ['indices'],
    backward: ({ dy, input, shape }) => ({
      updates: () => tf.gatherND(dy, input('indices')),
      indices: () => tf.zeros(shape('indices')),
    }),
  });
  defineRule('UnsortedSegmentSum', {
    inputs: ['segmentIds'],
    backward: ({ dy, input, shape }) => ({
      x: () => {
        const ids = input('segmentIds');
        const rows = tf.gather(dy, tf.maximum(ids, tf.zerosLike(ids)) as tf.Tensor1D);
        // rows of negative ids were dropped
        const kept = tf.cast(tf.greaterEqual(ids, tf.scalar(0, 'int32')), 'float32');
        return tf.mul(
          rows,
          tf.reshape(kept, [
            ids.size,
            ...shape('x')
              .slice(1)
              .map(() => 1),
          ]),
        );
      },
      segmentIds: () => tf.zeros(shape('segmentIds')),
    }),
  });
}
