// dropout: the mask of the kernel and of the composition is the same function of seed and position.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeDropout, dropout } from './index.ts';

describeOnBackends('dropout', (backend) => {
  it.each([
    [[7], 0.5],
    [[2, 3], 0.1],
    [[1], 0.9],
    [[13, 5], 0.3],
    [[0], 0.5],
    [[40, 41], 0.2],
  ] as const)('masks %j with p %f', (shape, p) => {
    checkOperation({
      kernel: 'D2LDropout',
      backend,
      operation: (x) => dropout(x as tf.Tensor, p, [123456789, 4294967295]),
      reference: (x) => composeDropout(x as tf.Tensor, p, [123456789, 4294967295]),
      inputs: () => [pattern([...shape])],
      tolerance: 1e-6,
      differences: shape[0] < 10,
    });
  });

  it('keeps everything at 0 and nothing at 1 (book, dropout_layer)', () => {
    tf.tidy(() => {
      const x = pattern([3, 4]);
      expect(dropout(x, 0, [1, 2]).dataSync()).toEqual(x.dataSync());
      expect(Math.max(...tf.abs(dropout(x, 1, [1, 2])).dataSync())).toBe(0);
    });
  });

  it('drops about p of the elements, differently for each seed', () => {
    tf.tidy(() => {
      const ones = tf.ones([10_000]);
      const [a, b] = [dropout(ones, 0.25, [1, 0]).dataSync(), dropout(ones, 0.25, [2, 0]).dataSync()];
      const dropped = a.filter((value) => value === 0).length;
      expect(dropped).toBeGreaterThan(2300);
      expect(dropped).toBeLessThan(2700);
      expect(Math.max(...a)).toBeCloseTo(4 / 3, 6);
      expect(a.filter((value, i) => (value === 0) === (b[i] === 0)).length).toBeLessThan(7000);
    });
  });

  it('refuses what is no probability', () => {
    expect(() => dropout(tf.scalar(1), 1.5, [1, 2])).toThrow(
      'dropout: p must be in [0, 1], got 1.5; give a probability',
    );
  });
});
