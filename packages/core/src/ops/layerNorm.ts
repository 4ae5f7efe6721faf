// layerNorm: normalisation over the last axis, with the residual sum that precedes it in Transformers.
import { LayerNorm, LayerNormGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel, isRecording } from './kernel.ts';

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** [n]; 1 by default. */
  weight?: tf.Tensor | undefined;
  /** [n]; 0 by default. */
  bias?: tf.Tensor | undefined;
  /** Added to x first; same shape as x. */
  residual?: tf.Tensor | undefined;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
}

/**
 * `(s − mean(s)) / √(var(s) + ε) · weight + bias` over the last axis, with s = x (+ residual). Ba et al., 2016.
 *
 * @param x [..., n].
 * @returns The shape of x.
 */
export function layerNorm(x: tf.Tensor, options: LayerNormOptions = {}): tf.Tensor {
  const { weight, bias, residual, epsilon = 1e-5 } = options;
  const n = x.shape.at(-1) ?? 0;
  checkType('layerNorm', 'x', x, 'float32');
  checkShape('layerNorm', 'x', x, ['...', 'n']);
  if (weight !== undefined) checkShape('layerNorm', 'weight', weight, [n]);
  if (bias !== undefined) checkShape('layerNorm', 'bias', bias, [n]);
  if (residual !== undefined) checkShape('layerNorm', 'residual', residual, x.shape);
  if (!hasKernel(LayerNorm)) return composeLayerNorm(x, options);
  return runLayerNorm({ x, residual, weight, bias }, { epsilon, training: isRecording() })[0] as tf.Tensor;
}

/** `layerNorm` composed of TensorFlow.js operations: the reference. */
export function composeLayerNorm(x: tf.Tensor, options: LayerNormOptions = {}): tf.Tensor {
  const { weight, bias, residual, epsilon = 1e-5 } = options;
  return tf.tidy(() => {
    const sum = residual === undefined ? x : tf.add(x, residual);
    const centred = tf.sub(sum, tf.mean(sum, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    let y = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
    if (weight !== undefined) y = tf.mul(y, weight);
    if (bias !== undefined) y = tf.add(y, bias);
    return y;
  });
}

const runLayerNorm = fusedKernel(LayerNorm, {
  inputs: ['x', 'residual', 'weight'],
  outputs: ['y'],
  backward: ({ dy, input, output, needs }) => {
    const { x, ...others } = gradientKernel(
      LayerNormGrad,
      { dy, x: input('x'), residual: input('residual'), weight: input('weight'), y: output('y') },
      { needs: { x: needs('x') || needs('residual'), weight: needs('weight'), bias: needs('bias') } },
    );
    return x === undefined ? others : { x, residual: x, ...others }; // the same gradient reaches both summands
  },
});
