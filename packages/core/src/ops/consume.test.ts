// consume: what is freed, what is not, and that gradients do not notice.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { valueAndGrads } from '../autograd/index.ts';
import { consume } from './index.ts';

describeOnBackends('consume', () => {
  it('frees what it is given, unless that comes back', () => {
    const x = tf.tensor1d([1, 2]);
    expect(consume(x, (same) => same)).toBe(x);
    expect(x.isDisposed).toBe(false);
    const y = consume(x, tf.square);
    expect(x.isDisposed).toBe(true);
    expect([...y.dataSync()]).toEqual([1, 4]);
    y.dispose();
  });

  it('leaves the backward pass what that needs', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const before = tf.memory().numTensors;
    const { value, grads } = valueAndGrads(
      () => tf.sum(consume(tf.square(w), (y) => tf.mul(y, y))) as tf.Scalar, // Σ w⁴
      [w],
    );
    expect([...grads[0]!.dataSync()]).toEqual([4, 32]);
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });
});
