// One optimizer step: loss and gradients of its batches, clipping, update.
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGrads } from '../autograd/index.ts';
import { clipByGlobalNorm, type Optimizer } from '../optim/index.ts';

export interface StepInput<B> {
  batches: readonly B[];
  loss: (batch: B) => tf.Scalar;
  weight: (batch: B) => number;
  optimizer: Optimizer;
  clipNorm: number | undefined;
}

export interface StepOutput {
  loss: number;
  weight: number;
  gradNorm?: number;
}

/** Thrown when a loss or a gradient is not finite; nothing has been updated then. */
export class NotFinite<B> extends Error {
  readonly batch: B;
  readonly what: 'loss' | 'gradient norm';
  readonly value: number;

  constructor(what: 'loss' | 'gradient norm', value: number, batch: B) {
    super(`${what} ${value}`);
    this.what = what;
    this.value = value;
    this.batch = batch;
  }
}

/** Takes a step on the weighted mean of the batches' losses. */
export function gradientStep<B>(input: StepInput<B>): StepOutput {
  const { batches, optimizer, clipNorm } = input;
  const params = optimizer.params.filter(({ trainable }) => trainable);
  const weights = batches.map(input.weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let loss = 0;
  let grads: tf.Tensor[] = [];
  try {
    batches.forEach((batch, i) => {
      const share = total > 0 ? weights[i]! / total : 1 / batches.length;
      const result = valueAndGrads(() => input.loss(batch), params);
      const value = result.value.dataSync()[0]!;
      result.value.dispose();
      grads = addScaled(grads, result.grads, share);
      if (!Number.isFinite(value)) throw new NotFinite('loss', value, batch);
      loss += value * share;
    });
    const output: StepOutput = { loss, weight: total };
    if (clipNorm !== undefined) {
      const clipped = clipByGlobalNorm(grads, clipNorm);
      grads = clipped.grads;
      output.gradNorm = clipped.norm;
      if (!Number.isFinite(clipped.norm)) throw new NotFinite('gradient norm', clipped.norm, batches.at(-1)!);
    }
    let next = 0;
    optimizer.step(optimizer.params.map(({ trainable }) => (trainable ? grads[next++]! : null)));
    return output;
  } finally {
    tf.dispose(grads);
  }
}

/** sums + grads · share; both lists are used up. */
function addScaled(sums: tf.Tensor[], grads: tf.Tensor[], share: number): tf.Tensor[] {
  if (sums.length === 0 && share === 1) return grads;
  const result = grads.map((grad, i) =>
    tf.tidy(() => {
      const scaled = tf.mul(grad, share);
      return sums.length === 0 ? scaled : tf.add(sums[i]!, scaled);
    }),
  );
  tf.dispose([sums, grads]);
  return result;
}
