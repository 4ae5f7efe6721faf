// Bahdanau models against PyTorch (golden/bahdanau.py); decoding step by step, in batches, without leaks.
import { readFileSync } from 'node:fs';
import { Rng, useBackend } from '@d2lts/core';
import { beamSearch, greedySearch, translationLoss } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  expectGradients,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import { Bahdanau, type BahdanauConfig } from './index.ts';

interface Case {
  config: BahdanauConfig;
  weights: GoldenWeights;
  source: number[][];
  lens: number[];
  inputs: number[][];
  labels: number[][];
  logits: number[];
  attention: number[];
  gradients: Record<string, number[]>;
  losses: number[];
}

const cases = JSON.parse(readFileSync(new URL('golden/bahdanau.json', import.meta.url), 'utf8')) as Case[];
const load = ({ config, weights }: Case) => loadGolden(new Bahdanau(config, { rng: new Rng(1) }), weights);
const ints = (values: number[][]) => tf.tensor2d(values, undefined, 'int32');
const batchOf = ({ source, lens, inputs, labels }: Case) => ({
  source: ints(source),
  sourceLens: tf.tensor1d(lens, 'int32'),
  input: ints(inputs),
  labels: ints(labels),
});

beforeAll(async () => {
  await useBackend();
});

describe.each(
  cases.map((golden) => ({
    golden,
    name: `${golden.config.cell}, ${golden.config.bidirectional ? 'two directions' : 'one direction'}, ${golden.config.score}`,
  })),
)('Bahdanau ($name)', ({ golden }) => {
  it("has PyTorch's outputs, weights, gradients and Adam steps", () => {
    const model = load(golden);
    const batch = batchOf(golden);
    tf.tidy(() => {
      const maps: tf.Tensor[] = [];
      const logits = model.forward(batch, { onWeights: (weights) => maps.push(weights) });
      expectClose(logits.dataSync(), golden.logits, 1e-5);
      expectClose(tf.concat(maps, 1).dataSync(), golden.attention, 1e-5);
    });
    const loss = () => translationLoss(model, batch, { pad: 0 });
    expectGradients(model, loss, golden.gradients);
    expectAdamSteps(model, loss, golden.losses);
    tf.dispose(Object.values(batch));
    model.dispose();
  });

  it('decodes step by step what teacher forcing gives, alone as in a batch, and frees all of it', async () => {
    const model = load(golden);
    const sources = golden.source.map((ids, i) => ids.slice(0, golden.lens[i]));
    const options = { bos: 1, eos: 2, maxLength: 6 };
    const tensors = tf.memory().numTensors;
    const together = await beamSearch(model.searchDecoder({ attention: true }), sources, {
      ...options,
      beamSize: 3,
    });
    expect(tf.memory().numTensors).toBe(tensors);
    for (const [i, source] of sources.entries()) {
      const [alone] = await beamSearch(model.searchDecoder(), [source], { ...options, beamSize: 3 });
      const { tokens, logProbs, attention, score } = together[i]!.hypotheses[0]!;
      expect(tokens).toEqual(alone!.hypotheses[0]!.tokens);
      expect(score).toBeCloseTo(alone!.hypotheses[0]!.score, 4);
      for (const row of attention!) {
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        expect([...row.subarray(source.length)].every((weight) => weight === 0)).toBe(true);
      }
      const forced = tf.tidy(() => {
        const logits = model.forward({
          source: ints([source]),
          sourceLens: tf.tensor1d([source.length], 'int32'),
          input: ints([[options.bos, ...tokens].slice(0, logProbs.length)]),
        });
        return tf.squeeze(tf.logSoftmax(logits), [0]).arraySync() as number[][];
      });
      logProbs.forEach((value, t) => expect(value).toBeCloseTo(forced[t]![tokens[t] ?? options.eos]!, 4));
    }
    model.dispose();
  });
});

it('a model searched while in training mode decodes without dropout and stays in training mode', async () => {
  const model = new Bahdanau({ ...cases[0]!.config, dropout: 0.5 }, { rng: new Rng(1) });
  const decode = async () =>
    (await greedySearch(model.searchDecoder(), [[3, 4]], { bos: 1, eos: 2, maxLength: 5 }))[0]!;
  expect((await decode()).hypotheses[0]!.logProbs).toEqual((await decode()).hypotheses[0]!.logProbs);
  expect(model.training).toBe(true);
  model.dispose();
});

it('refuses dot products between vectors of different sizes', () => {
  const config = { ...cases[0]!.config, score: 'dot', bidirectional: true } as const;
  expect(() => new Bahdanau(config, { rng: new Rng(1) })).toThrow(
    'Bahdanau: dot-product scores need an encoder in one direction, got',
  );
});
