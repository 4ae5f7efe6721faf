// batchNorm: normalisation of each channel over the batch and all positions.
import { BatchNorm, BatchNormGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** [channels]; 1 by default. */
  weight?: tf.Tensor | undefined;
  /** [channels]; 0 by default. */
  bias?: tf.Tensor | undefined;
  /** [channels], used in evaluation. */
  mean: tf.Tensor;
  /** [channels], used in evaluation. */
  variance: tf.Tensor;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Use (and return) the batch's own mean and variance; false by default. */
  training?: boolean;
}

/** What `batchNorm` returns. */
export interface BatchNormResult {
  /** The shape of x. */
  output: tf.Tensor;
  /** [channels], training only. */
  batchMean?: tf.Tensor;
  /** [channels], training only: biased (divided by the count). */
  batchVariance?: tf.Tensor;
}

/** Normalises [batch, channels, ...] over all axes but the second. Ioffe and Szegedy, 2015; book: batch-norm. */
export function batchNorm(x: tf.Tensor, options: BatchNormOptions): BatchNormResult {
  const { weight, bias, mean, variance, epsilon = 1e-5, training = false } = options;
  checkType('batchNorm', 'x', x, 'float32');
  const channels = x.shape[1] ?? 0;
  if (x.rank < 2) checkShape('batchNorm', 'x', x, ['batch', 'channels']);
  for (const [name, tensor] of Object.entries({ weight, bias, mean, variance })) {
    if (tensor !== undefined) checkShape('batchNorm', name, tensor, [channels]);
  }
  // evaluation is an affine map of each channel: the composition has its gradient
  if (!hasKernel(BatchNorm) || (!training && tf.engine().isTapeOn())) return composeBatchNorm(x, options);
  const [output, batchMean, batchVariance] = runBatchNorm(
    { x, weight, bias, mean, variance },
    { epsilon, training },
  ) as [tf.Tensor, tf.Tensor?, tf.Tensor?];
  return batchMean === undefined || batchVariance === undefined
    ? { output }
    : { output, batchMean, batchVariance };
}

/** `batchNorm` composed of TensorFlow.js operations: the reference. */
export function composeBatchNorm(x: tf.Tensor, options: BatchNormOptions): BatchNormResult {
  const { weight, bias, mean, variance, epsilon = 1e-5, training = false } = options;
  const channels = x.shape[1] as number;
  const along = x.shape.map((_, i) => (i === 1 ? channels : 1)); // [1, channels, 1, ...]
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const results = tf.tidy(() => {
    const center = training ? tf.mean(x, axes, true) : tf.reshape(mean, along);
    const centred = tf.sub(x, center);
    const spread = training ? tf.mean(tf.square(centred), axes, true) : tf.reshape(variance, along);
    let y = tf.mul(centred, tf.rsqrt(tf.add(spread, epsilon)));
    if (weight !== undefined) y = tf.mul(y, tf.reshape(weight, along));
    if (bias !== undefined) y = tf.add(y, tf.reshape(bias, along));
    return training ? [y, tf.reshape(center, [channels]), tf.reshape(spread, [channels])] : [y];
  });
  const [output, batchMean, batchVariance] = results as [tf.Tensor, tf.Tensor?, tf.Tensor?];
  return batchMean === undefined || batchVariance === undefined
    ? { output }
    : { output, batchMean, batchVariance };
}

const runBatchNorm = fusedKernel(BatchNorm, {
  inputs: ['x', 'weight'],
  outputs: ['batchMean', 'batchVariance'], // a tape sees training only
  results: ['y', 'batchMean', 'batchVariance'],
  backward: ({ dy, gradient, input, output, attrs: { epsilon }, needs }) => {
    const [x, batchMean, batchVariance] = [input('x'), output('batchMean'), output('batchVariance')];
    const gradients = gradientKernel(
      BatchNormGrad,
      { dy, x, weight: input('weight'), batchMean, batchVariance },
      { epsilon, needs: { x: needs('x'), weight: needs('weight'), bias: needs('bias') } },
    );
    const [dMean, dVariance] = [gradient('batchMean'), gradient('batchVariance')];
    const { x: ofOutput } = gradients;
    if (ofOutput === undefined || (dMean === undefined && dVariance === undefined)) return gradients;
    const along = x.shape.map((size, i) => (i === 1 ? size : 1)); // [1, channels, 1, ...]
    const share = (d: tf.Tensor = tf.zerosLike(batchMean)) =>
      tf.reshape(tf.div(d, x.size / batchMean.size), along);
    const centred = tf.sub(x, tf.reshape(batchMean, along));
    const ofStatistics = tf.add(share(dMean), tf.mul(centred, tf.mul(share(dVariance), 2)));
    return { ...gradients, x: () => tf.add(ofOutput(), ofStatistics) };
  },
});
