// Every loss against PyTorch: values and gradients (golden/losses.py).
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  bceWithLogits,
  crossEntropy,
  huberLoss,
  l1Loss,
  mseLoss,
  smoothL1Loss,
  valueAndGrads,
  type LossOptions,
} from '../../src/index.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectGolden, objective, readGolden, unpack, type Packed } from './golden.ts';

const losses = { bceWithLogits, crossEntropy, huberLoss, l1Loss, mseLoss, smoothL1Loss };

interface Case {
  loss: keyof typeof losses;
  options: Record<string, string | number>;
  prediction: Packed;
  target: Packed;
  weights?: Packed;
  value: Packed;
  grad: Packed;
}

const cases = readGolden<Case[]>('losses.json');

describeOnBackends('losses agree with PyTorch', () => {
  it.each(
    cases.map((golden, i): [string, Case] => [
      `${golden.loss} ${JSON.stringify(golden.options)} #${i}`,
      golden,
    ]),
  )('%s', (_, golden) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const prediction = tf.variable(unpack(golden.prediction));
      const target = unpack(golden.target);
      const weights = golden.weights && unpack(golden.weights);
      const loss = () =>
        losses[golden.loss](prediction, target, { ...golden.options, weights } as LossOptions);
      expectGolden('value', loss(), golden.value);
      const { grads } = valueAndGrads(() => objective([loss()]), [prediction]);
      expectGolden('gradient', grads[0] as tf.Tensor, golden.grad);
      prediction.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses targets of another shape', () => {
    tf.tidy(() => {
      expect(() => mseLoss(tf.zeros([2, 1]), tf.zeros([2]))).toThrow(
        'mseLoss: targets must be [2, 1], got [2]; reshape one of them: nothing is broadcast',
      );
    });
  });
});
