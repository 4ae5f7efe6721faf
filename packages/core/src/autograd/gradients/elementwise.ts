// Gradient rules of elementwise kernels with one input.
import * as tf from '@tensorflow/tfjs-core';
import { pass } from '../engine.ts';
import { defineRule } from '../rules.ts';

type Attrs = Record<string, number>;
/** dy and the saved tensor (input or output) to dx. */
type Derivative = (dy: tf.Tensor, saved: tf.Tensor, attrs: Attrs) => tf.Tensor;

/** `where` without a condition gradient: dy where the condition holds, else other. */
const choose = (condition: tf.Tensor, dy: tf.Tensor, other: tf.Tensor) => tf.where(condition, dy, other);

const seluScale = 1.0507009873554805;
const seluAlpha = 1.7580993408473768; // scale times alpha

/** Derivatives that read the input. */
const ofInput: Record<string, Derivative> = {
  Abs: (dy, x) => tf.mul(dy, tf.sign(x)),
  Acos: (dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x))))),
  Acosh: (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1))),
  Asin: (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))),
  Asinh: (dy, x) => tf.div(dy, tf.sqrt(tf.add(tf.square(x), 1))),
  Atan: (dy, x) => tf.div(dy, tf.add(tf.square(x), 1)),
  Atanh: (dy, x) => tf.div(dy, tf.sub(1, tf.square(x))),
  ClipByValue: (dy, x, { clipValueMin = 0, clipValueMax = 0 }) =>
    choose(
      tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax)),
      dy,
      tf.zerosLike(dy),
    ),
  Cos: (dy, x) => tf.neg(tf.mul(dy, tf.sin(x))),
  Cosh: (dy, x) => tf.mul(dy, tf.sinh(x)),
  Erf: (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  LeakyRelu: (dy, x, { alpha = 0 }) => choose(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
  Log: (dy, x) => tf.div(dy, x),
  Log1p: (dy, x) => tf.div(dy, tf.add(x, 1)),
  Relu6: (dy, x) => tf.mul(dy, tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 6)), 'float32')),
  Selu: (dy, x) => choose(tf.greater(x, 0), tf.mul(dy, seluScale), tf.mul(dy, tf.mul(tf.exp(x), seluAlpha))),
  Sin: (dy, x) => tf.mul(dy, tf.cos(x)),
  Sinh: (dy, x) => tf.mul(dy, tf.cosh(x)),
  Softplus: (dy, x) => tf.mul(dy, tf.sigmoid(x)),
  Square: (dy, x) => chain(dy, tf.mul(x, 2)),
  Tan: (dy, x) => tf.div(dy, tf.square(tf.cos(x))),
};

/** Derivatives that read the output: often it is saved by its consumer anyway. */
const ofOutput: Record<string, Derivative> = {
  Elu: (dy, y) => choose(tf.greater(y, 0), dy, tf.mul(dy, tf.add(y, 1))),
  Exp: (dy, y) => tf.mul(dy, y),
  Expm1: (dy, y) => tf.mul(dy, tf.add(y, 1)),
  Reciprocal: (dy, y) => tf.neg(tf.mul(dy, tf.square(y))),
  Relu: (dy, y) => tf.mul(dy, tf.step(y)),
  Rsqrt: (dy, y) => tf.mul(dy, tf.mul(tf.mul(tf.square(y), y), -0.5)),
  Sigmoid: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  Sqrt: (dy, y) => tf.div(dy, tf.mul(y, 2)),
  Tanh: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))),
};

/** Kernels whose gradient is zero almost everywhere, or whose output is no real number. */
const zero: Record<string, string[]> = {
  ...Object.fromEntries(
    [
      'ArgMax',
      'ArgMin',
      'Ceil',
      'Floor',
      'IsFinite',
      'IsInf',
      'IsNan',
      'LogicalNot',
      'OnesLike',
      'Round',
      'Sign',
      'Step',
      'ZerosLike',
      'Any',
      'All',
    ].map((name) => [name, ['x']]),
  ),
  ...Object.fromEntries(
    ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map(
      (name) => [name, ['a', 'b']],
    ),
  ),
  OneHot: ['indices'],
  Multinomial: ['logits'],
};

/** `dy · local`, and 0 where `local` is, also for an infinite dy: so norms of zeros have the gradient 0. */
export function chain(dy: tf.Tensor, local: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(local, 0), tf.zerosLike(dy), tf.mul(dy, local));
}

/** Registers the rules of this file. */
export function elementwiseRules(): void {
  for (const [name, derivative] of Object.entries(ofInput)) {
    defineRule<Attrs>(name, {
      inputs: ['x'],
      backward: ({ dy, input, attrs }) => ({ x: () => derivative(dy, input('x'), attrs) }),
    });
  }
  for (const [name, derivative] of Object.entries(ofOutput)) {
    defineRule<Attrs>(name, {
      outputs: ['y'],
      backward: ({ dy, output, attrs }) => ({ x: () => derivative(dy, output('y'), attrs) }),
    });
  }
  for (const [name, inputs] of Object.entries(zero)) {
    defineRule(name, {
      backward: ({ shape }) =>
        Object.fromEntries(inputs.map((input) => [input, () => tf.zeros(shape(input))])),
    });
  }
  defineRule('Neg', { backward: ({ dy }) => ({ x: () => tf.neg(dy) }) });
  defineRule('Identity', { backward: ({ dy }) => ({ x: () => pass(dy) }) });
  defineRule('Cast', { backward: ({ dy }) => ({ x: () => tf.cast(dy, 'float32') }) });
  defineRule('Prelu', {
    inputs: ['x', 'alpha'],
    backward: ({ dy, input, shape }) => {
      const x = input('x');
      return {
        x: () => choose(tf.greater(x, 0), dy, tf.mul(dy, input('alpha'))),
        alpha: () => {
          const each = choose(tf.greater(x, 0), tf.zerosLike(dy), tf.mul(dy, x));
          const axes = tf.broadcast_util.getReductionAxes(shape('alpha'), dy.shape);
          return tf.reshape(axes.length > 0 ? tf.sum(each, axes) : each, shape('alpha'));
        },
      };
    },
  });
}
