// Autoregression: features as defined, predictions by hand, and the book's experiment.
import { Adam, Rng, mseLoss, plotCurves, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type StepModel,
  lagFeatures,
  lagNetwork,
  noisySine,
  predictOneStep,
  predictOnwards,
  predictSteps,
} from './index.ts';

/** Predicts twice the last value less the one before: right for straight lines. */
const straight: StepModel = { forward: (x) => tf.matMul(x as tf.Tensor2D, tf.tensor2d([[-1], [2]])) };

beforeAll(() => useBackend());

describe('predictions', () => {
  it('takes features and labels from the series', () => {
    const { features, labels } = lagFeatures([1, 2, 3, 4, 5], 3);
    expect(features.arraySync()).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
    expect(labels.arraySync()).toEqual([[4], [5]]);
    expect(() => lagFeatures([1, 2], 2)).toThrow("tau must be a positive integer below the series' length 2");
  });

  it('goes on with its own predictions', () => {
    const before = tf.memory().numTensors;
    const series = [0, 1, 3, 6, 10, 15];
    // From (0, 1): 2, 3, 4; from (1, 3): 5, 7, 9; from (3, 6): 9, 12, 15; from (6, 10): 14, 18; from (10, 15): –
    expect([...predictOneStep(straight, series, 2)]).toEqual([2, 5, 9, 14]);
    expect([...predictSteps(straight, series, { tau: 2, k: 1 })]).toEqual([2, 5, 9, 14]);
    expect([...predictSteps(straight, series, { tau: 2, k: 3 })]).toEqual([4, 9]);
    expect([...predictOnwards(straight, series, { tau: 2, from: 3 })]).toEqual([5, 7, 9]);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 4); // the model's own constants
    expect(() => predictSteps(straight, series, { tau: 2, k: 5 })).toThrow('got 5');
    expect(() => predictOnwards(straight, series, { tau: 2, from: 1 })).toThrow('got 1');
  });
});

it("is good one step ahead and worse further on: the book's experiment", async () => {
  const [tau, trained] = [4, 600];
  const rng = new Rng(1);
  const series = noisySine({ rng });
  expect(series).toHaveLength(1000);
  const { features, labels } = lagFeatures(series.subarray(0, trained), tau);
  const model = lagNetwork(tau, { rng });
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 5; epoch++) {
    let sum = 0;
    const order = rng.permutation(trained - tau);
    for (let at = 0; at + 16 <= order.length; at += 16) {
      const { value, grads } = valueAndGrads(() => {
        const rows = tf.tensor1d(order.subarray(at, at + 16), 'int32');
        return mseLoss(model.forward(tf.gather(features, rows)), tf.gather(labels, rows)) as tf.Scalar;
      }, model.parameters());
      optimizer.step(grads);
      sum += value.dataSync()[0]! / Math.floor(order.length / 16);
      tf.dispose([value, ...grads]);
    }
    losses.push(sum);
  }
  expect(losses.at(-1)).toBeLessThan(0.08);
  const error = (k: number) => {
    const predicted = predictSteps(model, series, { tau, k });
    const first = tau + k - 1;
    let sum = 0;
    predicted.forEach((value, i) => (sum += (value - Math.sin(0.01 * (first + i + 1))) ** 2));
    return sum / predicted.length;
  };
  expect(error(1)).toBeLessThan(error(16));
  expect(error(16)).toBeLessThan(error(64));
  const onwards = predictOnwards(model, series, { tau, from: trained });
  const time = (start: number, y: ArrayLike<number>) => Array.from(y, (_, i) => start + i + 1);
  const svg = await plotCurves(
    [
      { name: 'series', x: time(0, series), y: series },
      ...[predictOneStep(model, series, tau)].map((y) => ({ name: '1 step', x: time(tau, y), y })),
      { name: 'onwards', x: time(trained, onwards), y: onwards },
    ],
    { xLabel: 'time', title: 'Predictions' },
  );
  expect(svg).toContain('onwards');
});
