// Predicting a series of numbers from its last τ values, one or k steps ahead (the book's section 8.1).
import { Linear, type Rng, Sequential, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** The book's series: `sin(0.01 t) + noise · N(0, 1)` for t = 1 … length. */
export function noisySine({
  length = 1000,
  noise = 0.2,
  rng,
}: {
  length?: number;
  noise?: number;
  rng: Rng;
}): Float32Array {
  return Float32Array.from({ length }, (_, t) => Math.sin(0.01 * (t + 1)) + noise * rng.normal());
}

/**
 * Features and labels: row i holds `series[i … i + τ − 1]`, its label is `series[i + τ]`.
 *
 * @returns features [length − τ, τ] and labels [length − τ, 1]
 * @throws ValueError when the series is not longer than τ
 */
export function lagFeatures(
  series: ArrayLike<number>,
  tau: number,
): { features: tf.Tensor2D; labels: tf.Tensor2D } {
  checkTau('lagFeatures', series, tau);
  const rows = series.length - tau;
  const features = Float32Array.from(
    { length: rows * tau },
    (_, i) => series[Math.floor(i / tau) + (i % tau)]!,
  );
  const labels = Float32Array.from({ length: rows }, (_, i) => series[i + tau]!);
  return { features: tf.tensor2d(features, [rows, tau]), labels: tf.tensor2d(labels, [rows, 1]) };
}

/** The book's network for it: τ to 10 with ReLU, to 1. */
export function lagNetwork(tau: number, { rng }: { rng: Rng }): Sequential {
  return new Sequential(new Linear(tau, 10, { activation: 'relu', rng }), new Linear(10, 1, { rng }));
}

/** A model of one step: [rows, τ] to [rows, 1]. */
export interface StepModel {
  forward(features: tf.Tensor): tf.Tensor;
}

/** One-step predictions: for each t from τ on, from the true τ values before it. Length: that of the series less τ. */
export function predictOneStep(model: StepModel, series: ArrayLike<number>, tau: number): Float32Array {
  return tf.tidy(() => model.forward(lagFeatures(series, tau).features).dataSync().slice() as Float32Array);
}

/**
 * k-step predictions: for each start, the model goes on from τ true values with its own predictions, and the k-th of
 * them is kept. Element i predicts `series[i + τ + k − 1]`; length: that of the series less τ + k − 1.
 */
export function predictSteps(
  model: StepModel,
  series: ArrayLike<number>,
  { tau, k }: { tau: number; k: number },
): Float32Array {
  checkTau('predictSteps', series, tau);
  const rows = series.length - tau - k + 1;
  if (!Number.isInteger(k) || k < 1 || rows < 1) {
    throw new ValueError({
      operation: 'predictSteps',
      fact: `k must be from 1 to the series' length less tau, ${series.length - tau}`,
      value: k,
      argument: 'k',
    });
  }
  return tf.tidy(() => {
    let window: tf.Tensor = tf.slice(lagFeatures(series, tau).features, [0, 0], [rows, tau]);
    let next = model.forward(window); // [rows, 1]
    for (let step = 1; step < k; step++) {
      window = tf.concat([tf.slice(window, [0, 1], [rows, tau - 1]), next], 1);
      next = model.forward(window);
    }
    return next.dataSync().slice() as Float32Array;
  });
}

/** Goes on by itself after the first `from` values: multi-step prediction as far as the series reaches. */
export function predictOnwards(
  model: StepModel,
  series: ArrayLike<number>,
  { tau, from }: { tau: number; from: number },
): Float32Array {
  checkTau('predictOnwards', series, tau);
  if (!Number.isInteger(from) || from < tau || from > series.length) {
    throw new ValueError({
      operation: 'predictOnwards',
      fact: `from must be from tau ${tau} to the series' length ${series.length}`,
      value: from,
      argument: 'from',
    });
  }
  const past = Array.from({ length: from }, (_, t) => series[t]!);
  while (past.length < series.length) {
    past.push(tf.tidy(() => model.forward(tf.tensor2d(past.slice(-tau), [1, tau])).dataSync()[0]!));
  }
  return Float32Array.from(past.slice(from));
}

function checkTau(operation: string, series: ArrayLike<number>, tau: number): void {
  if (Number.isInteger(tau) && tau >= 1 && tau < series.length) return;
  throw new ValueError({
    operation,
    fact: `tau must be a positive integer below the series' length ${series.length}`,
    value: tau,
    argument: 'tau',
  });
}
