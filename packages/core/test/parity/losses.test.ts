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

  // torch.nn.functional.binary_cross_entropy_with_logits in float64
  it.each([
    [20, 1, 1, 2.061153620314381e-9, -2.06115369216775e-9],
    [-20, 0, 1, 2.061153026033935e-9, 2.0611536181902037e-9],
    [20, 1, 3, 6.183460860943142e-9, -6.1834608544586445e-9],
    [0, 1, 1, Math.LN2, -0.5],
    [1e8, 1, 1, 0, 0],
    [-1e8, 0, 2, 0, 0],
    [1e8, 0, 1, 1e8, 1],
  ])(
    'bceWithLogits keeps its digits: logit %d, target %d',
    (logit, target, positiveWeight, loss, gradient) => {
      const x = tf.variable(tf.tensor1d([logit]));
      const f = () => bceWithLogits(x, tf.tensor1d([target]), { positiveWeight }) as tf.Scalar;
      const { value, grads } = valueAndGrads(f, [x]);
      expect(Math.abs(value.dataSync()[0]! - loss)).toBeLessThanOrEqual(1e-6 * loss);
      expect(Math.abs(grads[0]!.dataSync()[0]! - gradient)).toBeLessThanOrEqual(1e-6 * Math.abs(gradient));
      tf.dispose([x, value, grads]);
    },
  );
});
