// The Transformer against PyTorch: values and training (golden/transformer.py), a file of its own (golden/nn_transformer.py).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Rng, readSafetensors, useBackend } from '@d2lts/core';
import { greedySearch, translationLoss } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  expectGradients,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import { Transformer, type TransformerConfig } from './transformer.ts';

interface Case {
  config: TransformerConfig;
  weights: GoldenWeights;
  source: number[][];
  lens: number[];
  inputs: number[][];
  labels: number[][];
  logits: number[];
  gradients: Record<string, number[]>;
  losses: number[];
}

const cases = JSON.parse(readFileSync(new URL('golden/transformer.json', import.meta.url), 'utf8')) as Case[];

beforeAll(async () => {
  await useBackend();
});

const load = ({ config, weights }: Case): Transformer =>
  loadGolden(new Transformer(config, { rng: new Rng(1) }), weights);

const inputsOf = ({ source, lens, inputs }: Pick<Case, 'source' | 'lens' | 'inputs'>) => ({
  source: tf.tensor2d(source, undefined, 'int32'),
  sourceLens: tf.tensor1d(lens, 'int32'),
  input: tf.tensor2d(inputs, undefined, 'int32'),
});

const batchOf = (golden: Case) => ({
  ...inputsOf(golden),
  labels: tf.tensor2d(golden.labels, undefined, 'int32'),
});

describe.each(
  cases.map((golden) => ({ golden, name: golden.config.normFirst ? 'pre-norm, tied' : 'post-norm' })),
)('Transformer ($name)', ({ golden }) => {
  it("has PyTorch's state, outputs, gradients and Adam steps", () => {
    const model = load(golden);
    const batch = batchOf(golden);
    const loss = () => translationLoss(model, batch, { pad: 0, labelSmoothing: 0.1 });
    expectClose(
      tf.tidy(() => model.forward(batch).dataSync()),
      golden.logits,
      1e-5,
    );
    expectGradients(model, loss, golden.gradients);
    expectAdamSteps(model, loss, golden.losses);
    tf.dispose(Object.values(batch));
    model.dispose();
  });

  it('gives attention that sums to 1 and is 0 on padding', async () => {
    const model = load(golden).eval();
    const sources = golden.source.map((ids, i) => ids.slice(0, golden.lens[i]));
    const results = await greedySearch(model.searchDecoder({ attention: true }), sources, {
      bos: 1,
      eos: 2,
      maxLength: 4,
    });
    results.forEach(({ hypotheses }, i) => {
      for (const row of hypotheses[0]!.attention!) {
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        expect(Array.from(row.subarray(golden.lens[i]))).toEqual(
          Array.from(row.subarray(golden.lens[i]), () => 0),
        );
      }
    });
    model.dispose();
  });
});

it('loads the state dict of a torch.nn.Transformer as PyTorch saved it', async () => {
  const path = (name: string) => new URL(`golden/nn_transformer.${name}`, import.meta.url);
  const golden = JSON.parse(readFileSync(path('json'), 'utf8')) as Omit<Case, 'labels'>;
  const model = new Transformer(golden.config, { rng: new Rng(1) }).eval();
  const state = await readSafetensors(fileURLToPath(path('safetensors')));
  model.loadStateDict(state);
  tf.dispose(state);
  const logits = tf.tidy(() => model.forward(inputsOf(golden)).dataSync());
  expectClose(logits, golden.logits, 1e-5);
  model.dispose();
});

describe('dropout', () => {
  const config = { ...cases[0]!.config, dropout: 0, attentionDropout: 0, hiddenDropout: 0 };

  it.each(['dropout', 'attentionDropout', 'hiddenDropout'] as const)(
    '%s acts by itself, in training',
    (place) => {
      const model = new Transformer({ ...config, [place]: 0.5 }, { rng: new Rng(1) });
      const logits = () => tf.tidy(() => model.forward(batchOf(cases[0]!)).dataSync());
      model.eval();
      expect(logits()).toEqual(logits());
      model.train();
      expect(logits()).not.toEqual(logits());
      model.dispose();
    },
  );

  it('of the whole model is that of attention weights and hidden layers too, unless said otherwise', () => {
    const { attentionDropout, hiddenDropout, ...rest } = config;
    const model = new Transformer({ ...rest, dropout: 0.5 }, { rng: new Rng(1) });
    const { hiddenDropout: hidden, self_attn: attention } = model.encoder.layers[0]!;
    expect([hidden.p, attention.dropout]).not.toContain(attentionDropout);
    expect([hidden.p, attention.dropout]).not.toContain(hiddenDropout);
    model.dispose();
  });
});
