// Optimizers and schedules beyond parity: groups, frozen and missing gradients, state, clones, warm-up, errors.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose } from '../../test/support/numeric.ts';
import {
  Adam,
  AdamW,
  PlateauRate,
  SGD,
  ScheduledRate,
  clipByGlobalNorm,
  constantSchedule,
  cosineSchedule,
  factorSchedule,
  globalNorm,
  inverseSquareRootSchedule,
  linearSchedule,
  squareRootSchedule,
} from './index.ts';

const variable = (...values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)));

describeOnBackends('optimizers', () => {
  it('scale rate and decay by group', () => {
    const [a, b] = [variable(1, 2), variable(1, 2)];
    const optimizer = new SGD(
      [
        { params: [a], lrScale: 10 },
        { params: [b], weightDecay: 0.5 },
      ],
      { lr: 0.1 },
    );
    const grads = [tf.tensor1d([1, 1]), tf.tensor1d([0, 0])];
    optimizer.step(grads);
    expectClose(a, [0, 1]);
    expectClose(b, [0.95, 1.9]);
    tf.dispose([a, b, ...grads]);
    optimizer.dispose();
  });

  it('leave frozen parameters and those without a gradient alone', () => {
    const [a, b, c] = [variable(1), variable(1), variable(1)];
    b.trainable = false;
    const optimizer = new AdamW([a, b, c], { lr: 0.1 });
    const grad = tf.tensor1d([1]);
    optimizer.step([null, grad, grad]);
    expect([a, b].map((v) => v.dataSync()[0])).toEqual([1, 1]);
    expectClose(c, [0.899]);
    tf.dispose([a, b, c, grad]);
    optimizer.dispose();
  });

  it('do not change clones and views of a parameter', () => {
    const a = variable(1, 2);
    const [copy, view] = [tf.clone(a), tf.reshape(a, [2, 1])];
    const optimizer = new Adam([a], { lr: 0.5 });
    const grad = tf.tensor1d([1, -1]);
    optimizer.step([grad]);
    expectClose(a, [0.5, 2.5]);
    expectClose(copy, [1, 2]);
    expectClose(view, [1, 2]);
    tf.dispose([a, copy, view, grad]);
    optimizer.dispose();
  });

  it('clip together, and let smaller gradients be', () => {
    tf.tidy(() => {
      const grads = [tf.tensor1d([3, 0]), tf.tensor1d([4])];
      expect(globalNorm(grads)).toBeCloseTo(5, 6);
      const { grads: same, norm } = clipByGlobalNorm(grads, 6);
      expect([norm, same[0]?.dataSync()[0]]).toEqual([5, 3]);
      const { grads: smaller } = clipByGlobalNorm(same, 1);
      expectClose(tf.concat(smaller), [0.6, 0, 0.8]);
      expect(clipByGlobalNorm([tf.tensor1d([Number.NaN])], 1).norm).toBeNaN();
      expect(clipByGlobalNorm([], 1)).toEqual({ grads: [], norm: 0 });
      expect(() => clipByGlobalNorm(smaller, 0)).toThrow(
        'clipByGlobalNorm: maxNorm must be above 0, got 0; 1 is usual',
      );
    });
  });

  it('say what does not fit', () => {
    const a = variable(1, 2);
    const optimizer = new Adam([a]);
    tf.tidy(() => {
      expect(() => optimizer.step([])).toThrow('Adam.step: there must be 1 gradients, got 0');
      expect(() => optimizer.step([tf.zeros([3])])).toThrow(
        'Adam.step: gradient 0 must be [2], got [3]; keep the order of the parameters',
      );
    });
    expect(() => new SGD([a, a], { lr: 1 })).toThrow('SGD: each parameter must come once');
    expect(() => new SGD([a], { lr: Number.NaN })).toThrow('SGD: lr must be at least 0, got NaN');
    expect(() => new SGD([a], { lr: 1, nesterov: true })).toThrow(
      'SGD: nesterov needs momentum > 0 and dampening 0',
    );
    const other = new SGD([a], { lr: 1 });
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(
      'Adam.loadStateDict: the state must be of kind "adam", got "sgd"',
    );
    const wrong = { ...optimizer.stateDict(), tensors: {} };
    expect(() => optimizer.loadStateDict(wrong)).toThrow(
      'Adam.loadStateDict: 0.exp_avg must be [2], got undefined',
    );
    optimizer.dispose();
    a.dispose();
  });
});

describe('schedules', () => {
  it('warm up and decay (book, CosineScheduler and Transformer)', () => {
    const cosine = cosineSchedule({ total: 20, warmup: 5, final: 0.1, start: 0.2 });
    expect([0, 5, 20, 30].map((step) => cosine(step))).toEqual([0.2, 1, 0.1, 0.1]);
    expect(cosine(12.5)).toBeCloseTo(0.55, 9);
    const inverse = inverseSquareRootSchedule({ warmup: 100 });
    expect([0, 50, 100, 400].map((step) => inverse(step))).toEqual([0, 0.5, 1, 0.5]);
    const linear = linearSchedule({ total: 10, warmup: 2 });
    expect([1, 2, 6, 10, 11].map((step) => linear(step))).toEqual([0.5, 1, 0.5, 0, 0]);
    expect([
      squareRootSchedule()(3),
      constantSchedule()(9),
      factorSchedule({ factor: 0.9, floor: 0.5 })(100),
    ]).toEqual([0.5, 1, 0.5]);
    expect(() => inverseSquareRootSchedule({ warmup: 0 })).toThrow(
      'inverseSquareRootSchedule: warmup must be above 0, got 0',
    );
  });

  it('set the rate and go on from a saved state', () => {
    const make = () => {
      const optimizer = new SGD([], { lr: 0.4 });
      return { optimizer, scheduler: new ScheduledRate(optimizer, factorSchedule({ factor: 0.5 })) };
    };
    const [first, second] = [make(), make()];
    expect(first.optimizer.lr).toBe(0.4);
    first.scheduler.step();
    first.scheduler.step();
    expect(first.optimizer.lr).toBeCloseTo(0.1, 12);
    second.scheduler.loadStateDict(structuredClone(first.scheduler.stateDict()));
    expect(second.optimizer.lr).toBe(first.optimizer.lr);
    expect(() => second.scheduler.loadStateDict({ kind: 'schedule' })).toThrow(
      'ScheduledRate.loadStateDict: the state must have the number step, got undefined',
    );
  });

  it('keep what a plateau has seen', () => {
    const make = () => new PlateauRate(new SGD([], { lr: 1 }), { patience: 1, mode: 'max' });
    const [first, second] = [make(), make()];
    for (const metric of [0.1, 0.5, 0.5]) first.step(metric);
    second.loadStateDict(structuredClone(first.stateDict()));
    expect(second.stateDict()).toEqual(first.stateDict());
    second.step(0.4);
    expect(second.stateDict()).toMatchObject({ best: 0.5, bad: 0, lr: 0.1 });
  });
});
