// Gradient rules of elementwise kernels with two inputs that broadcast.
import * as tf from '@tensorflow/tfjs-core';
import { pass } from '../engine.ts';
import { defineRule } from '../rules.ts';
import { chain } from './elementwise.ts';

/** Sums a gradient over the axes along which an input of this shape was broadcast. */
export function unbroadcast(dy: tf.Tensor, shape: number[]): tf.Tensor {
  if (tf.util.arraysEqual(dy.shape, shape)) return pass(dy);
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

/** dy, a, b and the output to the gradient of one input, before summing over broadcast axes. */
type Partial = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const float = (x: tf.Tensor) => (x.dtype === 'float32' ? x : tf.cast(x, 'float32'));

function sumOfSquares(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.add(tf.square(a), tf.square(b));
}

/** 1 where a is greater than b, ½ where they tie (as in PyTorch). */
function shareOfGreater(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [above, below] = [tf.cast(tf.greater(a, b), 'float32'), tf.cast(tf.greaterEqual(a, b), 'float32')];
  return tf.mul(tf.add(above, below), 0.5);
}

/** Kernels whose partial derivatives read both inputs. */
const partials: Record<string, { a: Partial; b: Partial; output?: true }> = {
  Multiply: { a: (dy, _, b) => tf.mul(dy, float(b)), b: (dy, a) => tf.mul(dy, float(a)) },
  RealDiv: {
    a: (dy, _, b) => tf.div(dy, float(b)),
    b: (dy, a, b) => tf.neg(tf.div(tf.mul(dy, float(a)), tf.square(float(b)))),
  },
  FloorDiv: { a: (dy) => tf.zerosLike(dy), b: (dy) => tf.zerosLike(dy) },
  Maximum: {
    a: (dy, a, b) => tf.mul(dy, shareOfGreater(a, b)),
    b: (dy, a, b) => tf.mul(dy, shareOfGreater(b, a)),
  },
  Minimum: {
    a: (dy, a, b) => tf.mul(dy, shareOfGreater(b, a)),
    b: (dy, a, b) => tf.mul(dy, shareOfGreater(a, b)),
  },
  Mod: { a: (dy) => pass(dy), b: (dy, a, b) => tf.neg(tf.mul(dy, tf.floor(tf.div(a, b)))) },
  SquaredDifference: {
    a: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    b: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  },
  Atan2: {
    a: (dy, a, b) => tf.mul(dy, tf.div(b, sumOfSquares(a, b))),
    b: (dy, a, b) => tf.neg(tf.mul(dy, tf.div(a, sumOfSquares(a, b)))),
  },
  Pow: {
    a: (dy, a, b) => {
      const slope = tf.mul(float(b), tf.pow(a, tf.sub(float(b), 1)));
      return chain(dy, tf.where(tf.equal(b, tf.zerosLike(b)), tf.zerosLike(slope), slope)); // 0 · 0⁻¹ is 0
    },
    b: (dy, a, _, y) => tf.mul(dy, tf.mul(y, tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a)))),
    output: true,
  },
};

/** Registers the rules of this file. */
export function binaryRules(): void {
  for (const [name, { a: ofA, b: ofB, output }] of Object.entries(partials)) {
    defineRule(name, {
      inputs: ['a', 'b'],
      outputs: output ? ['y'] : [],
      backward: ({ dy, input, output: saved, shape }) => {
        const [a, b, y] = [input('a'), input('b'), output ? saved('y') : dy];
        return {
          a: () => unbroadcast(ofA(dy, a, b, y), shape('a')),
          b: () => unbroadcast(ofB(dy, a, b, y), shape('b')),
        };
      },
    });
  }
  defineRule('Add', {
    backward: ({ dy, shape }) => ({
      a: () => unbroadcast(dy, shape('a')),
      b: () => unbroadcast(dy, shape('b')),
    }),
  });
  defineRule('Sub', {
    backward: ({ dy, shape }) => ({
      a: () => unbroadcast(dy, shape('a')),
      b: () => tf.neg(unbroadcast(dy, shape('b'))),
    }),
  });
  defineRule('AddN', {
    backward: ({ dy, node }) =>
      Object.fromEntries(Object.keys(node.inputs).map((key) => [key, () => pass(dy)])),
  });
  defineRule('BroadcastTo', { backward: ({ dy, shape }) => ({ x: () => unbroadcast(dy, shape('x')) }) });
  defineRule('Select', {
    inputs: ['condition'],
    backward: ({ dy, input, shape }) => {
      const condition = input('condition');
      return {
        condition: () => tf.zeros(shape('condition')),
        t: () => unbroadcast(tf.where(condition, dy, tf.zerosLike(dy)), shape('t')),
        e: () => unbroadcast(tf.where(condition, tf.zerosLike(dy), dy), shape('e')),
      };
    },
  });
}
