// The GRU encoder-decoder against PyTorch (golden/seq2seq.py), its encoder in one and in two directions.
import { readFileSync } from 'node:fs';
import { Rng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { Seq2Seq, translationLoss } from '../../src/index.ts';
import { pattern, relativeError } from './pattern.ts';

interface Case {
  bidirectional: boolean;
  loss: number;
  logits: number[];
  gradients: Record<string, number[]>;
}

const cases = JSON.parse(readFileSync(new URL('golden/seq2seq.json', import.meta.url), 'utf8')) as Case[];
const ints = (values: number[], shape: [number, number]) => tf.tensor2d(values, shape, 'int32');

beforeAll(() => useBackend());

it.each(cases)('equals PyTorch (bidirectional: $bidirectional)', ({ bidirectional, ...golden }) => {
  const config = { vocabSize: 6, embedSize: 3, hiddenSize: 4, numLayers: 2, bidirectional };
  const model = new Seq2Seq(config, { rng: new Rng(1) });
  const params = model.namedParameters();
  params.forEach(([, variable], phase) => variable.assign(pattern(variable.shape, phase)));
  const batch = {
    source: ints([3, 4, 5, 2, 5, 2, 0, 0, 4, 4, 2, 0], [3, 4]),
    sourceLens: tf.tensor1d([4, 2, 3], 'int32'),
    input: ints([1, 5, 3, 1, 4, 0, 1, 3, 5], [3, 3]),
    labels: ints([5, 3, 2, 4, 2, 0, 3, 5, 2], [3, 3]),
  };
  expect(relativeError(model.forward(batch).dataSync(), golden.logits)).toBeLessThanOrEqual(1e-5);
  const { value, grads } = valueAndGrads(
    () => translationLoss(model, batch, { pad: 0 }),
    params.map(([, variable]) => variable),
  );
  expect(relativeError(value.dataSync(), [golden.loss])).toBeLessThanOrEqual(1e-5);
  expect(params.map(([name]) => name).sort()).toEqual(Object.keys(golden.gradients).sort());
  params.forEach(([name], i) =>
    expect(relativeError(grads[i]!.dataSync(), golden.gradients[name]!), name).toBeLessThanOrEqual(1e-5),
  );
});
