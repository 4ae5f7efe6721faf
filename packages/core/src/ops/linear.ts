// linear: `activation(x weightᵀ + bias)`.
import { Linear, LinearGrad, type Activation } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { activate } from './activation.ts';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel, isRecording } from './kernel.ts';

/** Options of `linear`. */
export interface LinearOptions {
  /** [out]. */
  bias?: tf.Tensor | undefined;
  /** Applied to the result; 'linear' (none) by default. */
  activation?: Activation;
}

/**
 * `activation(x weightᵀ + bias)`, one fused kernel where the backend has it.
 *
 * @param x [..., in], float32.
 * @param weight [out, in], PyTorch's layout.
 * @returns [..., out].
 * @throws ShapeError when sizes do not fit.
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  { bias, activation = 'linear' }: LinearOptions = {},
): tf.Tensor {
  checkLinear(x, weight, bias);
  if (!hasKernel(Linear)) return composeLinear(x, weight, { bias, activation });
  return runLinear({ x, weight, bias }, { activation, training: isRecording() })[0] as tf.Tensor;
}

/** `linear` composed of TensorFlow.js operations: the reference. */
export function composeLinear(
  x: tf.Tensor,
  weight: tf.Tensor,
  { bias, activation = 'linear' }: LinearOptions = {},
): tf.Tensor {
  return tf.tidy(() => {
    const [out, size] = weight.shape as [number, number];
    const lead = x.shape.slice(0, -1);
    const rows = tf.util.sizeFromShape(lead);
    let y: tf.Tensor = tf.matMul(tf.reshape(x, [rows, size]), weight as tf.Tensor2D, false, true); // [rows, out]
    if (bias !== undefined) y = tf.add(y, bias);
    return tf.reshape(activate(y, activation), [...lead, out]);
  });
}

function checkLinear(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | undefined): void {
  checkType('linear', 'x', x, 'float32');
  checkShape('linear', 'weight', weight, ['out', 'in']);
  checkShape(
    'linear',
    'x',
    x,
    ['...', weight.shape[1] as number],
    "its last axis must be the weight's second",
  );
  if (bias !== undefined) checkShape('linear', 'bias', bias, [weight.shape[0] as number]);
}

const runLinear = fusedKernel(Linear, {
  inputs: ['x', 'weight'],
  outputs: ({ activation }) => (activation === 'linear' ? [] : ['y']),
  backward: ({ dy, input, output, attrs: { activation }, needs }) =>
    gradientKernel(
      LinearGrad,
      { dy, x: input('x'), weight: input('weight'), y: activation === 'linear' ? dy : output('y') },
      { activation, needs: { x: needs('x'), weight: needs('weight'), bias: needs('bias') } },
    ),
});
