// The book's text classifiers: PyTorch's numbers (golden/text_models.py), and padding that changes nothing.
import { readFileSync } from 'node:fs';
import { type Module, Rng, crossEntropy, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import { BiRNN, DecomposableAttention, TextCNN } from './index.ts';

interface Case {
  weights: GoldenWeights;
  inputs: number[][][];
  labels: number[];
  logits: number[];
  gradients: Record<string, number[]>;
  losses: number[];
}
const golden = JSON.parse(
  readFileSync(new URL('golden/text_models.json', import.meta.url), 'utf8'),
) as Record<'birnn' | 'textCnn' | 'decomposable', Case>;

beforeAll(() => useBackend());
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const rng = new Rng(1);
const ids = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');
const lens = (...values: number[]) => tf.tensor1d(values, 'int32');

function expectPyTorch<M extends Module>(
  model: M,
  { weights, inputs, labels, logits, gradients, losses }: Case,
  run: (model: M, inputs: tf.Tensor[]) => tf.Tensor,
): void {
  loadGolden(model, weights);
  const tensors = inputs.map(ids);
  expectClose(run(model, tensors).dataSync(), logits, 1e-5);
  const loss = () => crossEntropy(run(model, tensors), lens(...labels)) as tf.Scalar;
  const trained = model.namedParameters().filter(([name]) => name in gradients);
  expect(trained.map(([, variable]) => variable)).toEqual(model.trainableParameters());
  const { grads } = valueAndGrads(loss, model.trainableParameters());
  trained.forEach(([name], i) => expectClose(grads[i]!.dataSync(), gradients[name]!, 1e-4));
  expectAdamSteps(model, loss, losses);
}

describe('text classifiers agree with PyTorch', () => {
  it('BiRNN', () => {
    const model = new BiRNN({ vocabSize: 11, dim: 4, numHiddens: 3 }, { rng });
    expectPyTorch(model, golden.birnn, (m, [x]) => m.forward(x!));
  });

  it('TextCNN', () => {
    const sizes = { vocabSize: 11, dim: 4, kernelSizes: [2, 3], numChannels: [2, 3], dropout: 0 };
    expectPyTorch(new TextCNN(sizes, { rng }), golden.textCnn, (m, [x]) => m.forward(x!));
  });

  it('DecomposableAttention', () => {
    const model = new DecomposableAttention({ vocabSize: 11, dim: 4, numHiddens: 3, dropout: 0 }, { rng });
    expectPyTorch(model, golden.decomposable, (m, [a, b]) => m.forward(a!, b!).logits);
  });
});

describe('padding', () => {
  const short = [[3, 5, 7, 2]];
  const padded = [[3, 5, 7, 2, 9, 9, 9]];

  it('is not seen by BiRNN with valid lengths', () => {
    const model = new BiRNN({ vocabSize: 11, dim: 4, numHiddens: 3 }, { rng });
    const alone = model.forward(ids(short)).dataSync();
    expectClose(model.forward(ids(padded), { validLens: lens(4) }).dataSync(), [...alone], 1e-6);
    expect([...model.forward(ids(padded)).dataSync()]).not.toEqual([...alone]);
  });

  it('is not seen by TextCNN with valid lengths', () => {
    const model = new TextCNN({ vocabSize: 11, dim: 4, numChannels: [8, 8, 8], dropout: 0 }, { rng });
    const alone = model.forward(ids([[3, 5, 7, 2, 4]]), { validLens: lens(5) }).dataSync();
    const longer = ids([[3, 5, 7, 2, 4, 9, 9]]);
    expectClose(model.forward(longer, { validLens: lens(5) }).dataSync(), [...alone], 1e-6);
    expect([...model.forward(longer).dataSync()]).not.toEqual([...alone]);
    // Shorter than the widest convolution: only the narrower ones see anything.
    expectClose(
      model.forward(ids(padded), { validLens: lens(4) }).dataSync(),
      [...model.forward(ids(short), { validLens: lens(4) }).dataSync()],
      1e-6,
    );
  });

  it('is not seen by DecomposableAttention with valid lengths', () => {
    const model = new DecomposableAttention({ vocabSize: 11, dim: 4, numHiddens: 3, dropout: 0 }, { rng });
    const other = ids([[1, 8, 6]]);
    const alone = model.forward(ids(short), other);
    const lengths = { premise: lens(4), hypothesis: lens(3) };
    const inBatch = model.forward(ids(padded), ids([[1, 8, 6, 10, 10]]), lengths);
    expectClose(inBatch.logits.dataSync(), [...alone.logits.dataSync()], 1e-6);
    const shown = tf.slice(inBatch.weights, [0, 0, 0], [1, 4, 3]);
    expectClose(shown.dataSync(), [...alone.weights.dataSync()], 1e-6);
    expect([...model.forward(ids(padded), other).logits.dataSync()]).not.toEqual([
      ...alone.logits.dataSync(),
    ]);
  });
});

describe('training', () => {
  it('leaves the fixed word vectors of TextCNN alone, and can go without them', () => {
    const model = new TextCNN({ vocabSize: 11, dim: 4, numChannels: [2, 2, 2] }, { rng });
    expect(model.namedParameters().map(([name]) => name)).toContain('constant_embedding.weight');
    expect(model.trainableParameters()).not.toContain(model.constant_embedding!.weight);
    const single = new TextCNN({ vocabSize: 11, dim: 4, constantDim: 0 }, { rng });
    expect(single.constant_embedding).toBeUndefined();
    expect(single.forward(ids([[1, 2]])).shape).toEqual([1, 2]);
  });

  it('drops pooled features of TextCNN in training mode only', () => {
    const model = new TextCNN({ vocabSize: 11, dim: 4, dropout: 0.5 }, { rng });
    const run = () => [...model.forward(ids([[1, 2, 3, 4, 5]])).dataSync()];
    expect(run()).not.toEqual(run());
    model.eval();
    expect(run()).toEqual(run());
  });

  it('refuses widths without channels', () => {
    expect(
      () => new TextCNN({ vocabSize: 9, dim: 2, kernelSizes: [3], numChannels: [1, 2] }, { rng }),
    ).toThrow('TextCNN: kernelSizes and numChannels must be as many, at least one, got [1, 2]');
  });
});
