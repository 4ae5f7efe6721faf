// A small task for the trainer's tests: a two-layer net with dropout learns a noisy function.
import * as tf from '@tensorflow/tfjs-core';
import { DataLoader, fromArray } from '../src/data/index.ts';
import { Dropout, Linear, Module } from '../src/nn/index.ts';
import { Adam, ScheduledRate, cosineSchedule } from '../src/optim/index.ts';
import { Rng } from '../src/random/index.ts';
import type { TrainerOptions } from '../src/training/index.ts';

/** A batch of points. */
export interface Points {
  x: number[];
  y: number[];
}

/** 2 → 8 → 1 with dropout between. */
export class Net extends Module {
  hidden: Linear;
  dropout: Dropout;
  output: Linear;

  constructor(rng: Rng, dropout: number) {
    super();
    this.hidden = new Linear(2, 8, { rng });
    this.dropout = new Dropout(dropout, { rng: rng.split() });
    this.output = new Linear(8, 1, { rng });
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(tf.tanh(this.hidden.forward(x))));
  }
}

/** Everything a run needs, built from a seed: the same seed gives the same run. */
export function makeTask(seed = 1, batchSize = 4, count = 32, dropout = 0.1) {
  const rng = new Rng(seed);
  const points = Array.from({ length: count }, () => {
    const [a, b] = [rng.uniform(-1, 1), rng.uniform(-1, 1)];
    return { a, b, y: a - 2 * b + 0.1 * rng.normal() };
  });
  const model = new Net(rng, dropout);
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const loader = new DataLoader(fromArray(points), {
    batchSize,
    rng: rng.split(),
    collate: (items): Points => ({ x: items.flatMap(({ a, b }) => [a, b]), y: items.map(({ y }) => y) }),
  });
  const loss = ({ x, y }: Points): tf.Scalar => {
    const predicted = model.forward(tf.tensor2d(x, [y.length, 2])); // [batch, 1]
    return tf.mean(tf.squaredDifference(predicted, tf.tensor2d(y, [y.length, 1])));
  };
  const all: Points = { x: points.flatMap(({ a, b }) => [a, b]), y: points.map(({ y }) => y) };
  const evaluate = () => ({ loss: tf.tidy(() => loss(all).dataSync()[0]!) });
  const scheduler = new ScheduledRate(optimizer, cosineSchedule({ total: 40 }));
  const options = {
    model,
    optimizer,
    loader,
    loss,
    weight: ({ y }: Points) => y.length,
    evaluate,
    scheduler,
    now: () => 0,
  };
  const dispose = () => {
    model.dispose();
    optimizer.dispose();
  };
  return { options: options satisfies TrainerOptions<Points>, model, optimizer, evaluate, dispose };
}
