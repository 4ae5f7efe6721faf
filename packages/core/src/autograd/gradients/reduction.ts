// Gradient rules of reductions, running sums, softmax and top-k.
import * as tf from '@tensorflow/tfjs-core';
import { defineRule } from '../rules.ts';

interface AxisAttrs {
  axis: number | number[] | null;
}

/** The shape of x with the reduced axes set to 1. */
function keptShape(shape: number[], axis: number | number[] | null): number[] {
  const axes = new Set(tf.util.parseAxisParam(axis as number | number[], shape));
  return shape.map((size, i) => (axes.has(i) ? 1 : size));
}

/** Repeats the gradient of a reduction along the reduced axes. */
function repeat(dy: tf.Tensor, shape: number[], axis: number | number[] | null): tf.Tensor {
  if (shape.includes(0)) return tf.zeros(shape); // broadcastTo has no empty result
  return tf.broadcastTo(tf.reshape(dy, keptShape(shape, axis)), shape);
}

/** Gradient of max and min: shared evenly by all positions that hold the extreme value, as PyTorch's amax does. */
function extreme(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axis: number | number[] | null): tf.Tensor {
  const kept = keptShape(x.shape, axis);
  const holds = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
  return tf.mul(tf.div(tf.reshape(dy, kept), tf.sum(holds, axis ?? undefined, true)), holds);
}

/** Product of all other elements along one axis, exact also at zeros. */
function productOfOthers(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.mul(tf.cumprod(x, axis, true, false), tf.cumprod(x, axis, true, true));
}

interface RunningAttrs {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Gradient of a running product, exact also at zeros: product before k times sₖ = dyₖ + xₖ₊₁ sₖ₊₁. */
function ofCumprod(dy: tf.Tensor, x: tf.Tensor, { axis, exclusive, reverse }: RunningAttrs): tf.Tensor {
  if (x.size === 0) return tf.zeros(x.shape);
  const along = (tensor: tf.Tensor) => {
    const parts = tf.unstack(tensor, axis);
    return reverse ? parts.reverse() : parts;
  };
  const [xs, dys] = [along(x), along(dy)];
  if (exclusive) dys.push(tf.zerosLike(dys.shift() as tf.Tensor));
  for (let k = dys.length - 2; k >= 0; k--)
    dys[k] = tf.add(dys[k] as tf.Tensor, tf.mul(xs[k + 1] as tf.Tensor, dys[k + 1] as tf.Tensor));
  return tf.mul(tf.cumprod(x, axis, true, reverse), tf.stack(reverse ? dys.reverse() : dys, axis));
}

/** Registers the rules of this file. */
export function reductionRules(): void {
  defineRule<AxisAttrs>('Sum', {
    backward: ({ dy, attrs, shape }) => ({
      x: () => repeat(dy, shape('x'), attrs.axis),
    }),
  });
  defineRule<AxisAttrs>('Mean', {
    backward: ({ dy, attrs, shape }) => ({
      x: () => {
        const count = tf.util.sizeFromShape(shape('x')) / Math.max(dy.size, 1);
        return repeat(tf.div(dy, count), shape('x'), attrs.axis);
      },
    }),
  });
  defineRule<{ reductionIndices: number | number[] }>('Max', {
    inputs: ['x'],
    outputs: ['y'],
    backward: ({ dy, input, output, attrs }) => ({
      x: () => extreme(dy, input('x'), output('y'), attrs.reductionIndices),
    }),
  });
  defineRule<AxisAttrs>('Min', {
    inputs: ['x'],
    outputs: ['y'],
    backward: ({ dy, input, output, attrs }) => ({
      x: () => extreme(dy, input('x'), output('y'), attrs.axis),
    }),
  });
  defineRule<AxisAttrs>('Prod', {
    inputs: ['x'],
    backward: ({ dy, input, attrs }) => ({
      x: () => {
        const x = input('x');
        const axes = tf.util.parseAxisParam(attrs.axis as number | number[], x.shape);
        const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
        const order = [...kept, ...axes];
        const moved = tf.transpose(x, order);
        const flat = tf.reshape(moved, [...kept.map((i) => x.shape[i] as number), -1]); // [...kept, product of axes]
        const others = tf.reshape(productOfOthers(flat, kept.length), moved.shape);
        const back = tf.transpose(
          others,
          order.map((_, i) => order.indexOf(i)),
        );
        return tf.mul(tf.reshape(dy, keptShape(x.shape, attrs.axis)), back);
      },
    }),
  });
  defineRule<RunningAttrs>('Cumprod', {
    inputs: ['x'],
    backward: ({ dy, input, attrs }) => ({ x: () => ofCumprod(dy, input('x'), attrs) }),
  });
  defineRule<RunningAttrs>('Cumsum', {
    backward: ({ dy, attrs }) => ({ x: () => tf.cumsum(dy, attrs.axis, attrs.exclusive, !attrs.reverse) }),
  });
  defineRule<{ dim: number }>('Softmax', {
    outputs: ['y'],
    backward: ({ dy, output, attrs }) => ({
      logits: () => {
        const y = output('y');
        const product = tf.mul(dy, y);
        return tf.sub(product, tf.mul(tf.sum(product, attrs.dim, true), y));
      },
    }),
  });
  defineRule<{ axis: number }>('LogSoftmax', {
    outputs: ['y'],
    backward: ({ dy, output, attrs }) => ({
      logits: () => tf.sub(dy, tf.mul(tf.sum(dy, attrs.axis, true), tf.exp(output('y')))),
    }),
  });
  defineRule('TopK', {
    outputs: ['indices'],
    results: ['values', 'indices'],
    backward: ({ dy, output, shape }) => ({
      x: () => {
        const [x, indices] = [shape('x'), output('indices')];
        const classes = x.at(-1) as number;
        const k = indices.shape.at(-1) as number;
        const rows = dy.size / Math.max(k, 1);
        // [rows · k] flat positions in x
        const offsets = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(classes, 'int32'));
        const flat = tf.reshape(tf.add(tf.reshape(indices, [rows, k]), tf.reshape(offsets, [rows, 1])), [
          rows * k,
        ]);
        return tf.reshape(
          tf.unsortedSegmentSum(tf.reshape(dy, [rows * k]), flat as tf.Tensor1D, rows * classes),
          x,
        );
      },
    }),
  });
}
