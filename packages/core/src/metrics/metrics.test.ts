// Metrics on small examples worked out by hand.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../backend/index.ts';
import { Accumulator, Throughput, Timer, accuracy, countCorrect, perplexity } from './index.ts';

beforeAll(async () => {
  await useBackend();
});

describe('metrics', () => {
  it('accumulates several sums', () => {
    const sums = new Accumulator(2);
    sums.add(1.5, 2);
    sums.add(0.5, 1);
    expect([sums.get(0), sums.get(1)]).toEqual([2, 3]);
    sums.reset();
    expect(sums.get(0)).toBe(0);
  });

  it('counts right answers, over any leading shape, without ignored ones', () => {
    tf.tidy(() => {
      // Book, softmax-regression-scratch: accuracy(y_hat, y) is 0.5.
      const logits = tf.tensor2d([0.1, 0.3, 0.6, 0.3, 0.2, 0.5], [2, 3]);
      expect(accuracy(logits, tf.tensor1d([0, 2], 'int32'))).toBe(0.5);
      const labels = tf.tensor2d([-1, 2], [1, 2], 'int32');
      const steps = tf.reshape(logits, [1, 2, 3]);
      expect(countCorrect(steps, labels, { ignoreIndex: -1 })).toEqual({ correct: 1, count: 1 });
      expect(accuracy(steps, tf.tensor2d([-1, -1], [1, 2], 'int32'), { ignoreIndex: -1 })).toBe(0);
      expect(() => accuracy(logits, tf.tensor1d([1], 'int32'))).toThrow(
        /one entry a row of logits \[2, 3\], got \[1\]/,
      );
    });
  });

  it('has the perplexity of a uniform guess', () => {
    expect(perplexity(Math.log(28))).toBeCloseTo(28);
  });

  it('measures time by any clock', () => {
    let now = 0;
    const timer = new Timer(() => now);
    now = 1500;
    expect(timer.stop()).toBe(1.5);
    timer.start();
    now = 2000;
    timer.stop();
    expect([timer.sum(), timer.avg(), timer.cumsum()]).toEqual([2, 1, [1.5, 2]]);
    expect(new Timer(() => now).avg()).toBe(0);
  });

  it('forgets old throughput', () => {
    const speed = new Throughput(2);
    expect(speed.perSecond).toBe(0);
    for (const items of [1000, 10, 30]) speed.add(items, 2);
    expect(speed.perSecond).toBe(10);
  });
});
