// Gradients at zeros, ties and edges: PyTorch's values, on every backend (golden/ties.json, written by golden/ties.py).
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../../test/support/backends.ts';
import { valueAndGrads } from '../valueAndGrads.ts';

const golden = JSON.parse(readFileSync(new URL('golden/ties.json', import.meta.url), 'utf8')) as Record<
  string,
  { inputs: number[][]; gradients: number[][] }
>;

const operations: Record<string, (...inputs: tf.Tensor[]) => tf.Tensor> = {
  'norm of zeros': (x) => tf.norm(x),
  'norm of rows, one of zeros': (x) => tf.norm(tf.reshape(x, [2, 2]), 2, 1),
  'Frobenius norm of zeros': (x) => tf.norm(tf.reshape(x, [2, 2]), 'fro', [0, 1]),
  'maximum norm': (x) => tf.norm(x, Number.POSITIVE_INFINITY),
  pow: tf.pow,
  amax: (x) => tf.max(tf.reshape(x, [2, 3]), 1),
  amin: (x) => tf.min(tf.reshape(x, [2, 3]), 1),
  'max of all': (x) => tf.max(x),
  maximum: tf.maximum,
  minimum: tf.minimum,
  cumprod: (x) => tf.cumprod(tf.reshape(x, [2, 5]), 1),
  'cumprod of columns, from the end': (x) => tf.cumprod(tf.reshape(x, [5, 2]), 0, false, true),
  'cumprod, exclusive': (x) => tf.cumprod(tf.reshape(x, [2, 5]), 1, true),
  reflect: (x) => tf.mirrorPad(tf.reshape(x, [2, 3]), [[1, 0], [2, 1]], 'reflect'), // prettier-ignore
  symmetric: (x) => tf.mirrorPad(tf.reshape(x, [2, 3]), [[1, 2], [3, 0]], 'symmetric'), // prettier-ignore
};

describeOnBackends('gradients at zeros, ties and edges', () => {
  it('are tried for every golden value', () => {
    expect(Object.keys(operations).sort()).toEqual(Object.keys(golden).sort());
  });

  it.each(Object.keys(operations))('%s', (name) => {
    const { inputs, gradients } = golden[name] as (typeof golden)[string];
    tf.tidy(() => {
      const variables = inputs.map((values) => tf.variable(tf.tensor1d(values)));
      const { grads } = valueAndGrads(() => {
        const y = (operations[name] as (...all: tf.Tensor[]) => tf.Tensor)(...variables);
        const weights = tf.reshape(tf.range(1, y.size + 1), y.shape);
        return tf.sum(tf.mul(y, weights)) as tf.Scalar;
      }, variables);
      grads.forEach((gradient, i) => {
        const expected = gradients[i] as number[];
        gradient.dataSync().forEach((value, k) => expect(value).toBeCloseTo(expected[k] as number, 4));
      });
      tf.dispose(variables);
    });
  });
});
