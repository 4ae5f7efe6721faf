// The Transformer against PyTorch (golden/transformer.py), and decoding with a cache against decoding without.
import { readFileSync } from 'node:fs';
import { Adam, Rng, useBackend, valueAndGrads } from '@d2lts/core';
import { type StepDecoder, beamSearch, greedySearch, translationLoss } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Transformer, type TransformerConfig } from './transformer.ts';

interface Case {
  config: TransformerConfig;
  weights: Record<string, { shape: number[]; values: number[] }>;
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

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value))) / scale;
  expect(worst).toBeLessThan(tolerance);
}

function load({ config, weights }: Case): Transformer {
  const model = new Transformer(config, { rng: new Rng(1) });
  const dict = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  );
  model.loadStateDict(dict);
  tf.dispose(dict);
  return model;
}

const batchOf = ({ source, lens, inputs, labels }: Case) => ({
  source: tf.tensor2d(source, undefined, 'int32'),
  sourceLens: tf.tensor1d(lens, 'int32'),
  input: tf.tensor2d(inputs, undefined, 'int32'),
  labels: tf.tensor2d(labels, undefined, 'int32'),
});

describe.each(
  cases.map((golden) => ({ golden, name: golden.config.normFirst ? 'pre-norm, tied' : 'post-norm' })),
)('Transformer ($name)', ({ golden }) => {
  it("has PyTorch's state, outputs, gradients and Adam steps", () => {
    const model = load(golden);
    const batch = batchOf(golden);
    const loss = () => translationLoss(model, batch, { pad: 0, labelSmoothing: 0.1 });
    expect(
      model
        .namedParameters()
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(golden.weights).sort());
    expectClose(
      tf.tidy(() => model.forward(batch).dataSync()),
      golden.logits,
      1e-5,
    );

    const named = model.namedParameters();
    const { value, grads } = valueAndGrads(loss, model.parameters());
    expectClose(value.dataSync(), [golden.losses[0]!], 1e-5);
    named.forEach(([name], i) => expectClose(grads[i]!.dataSync(), golden.gradients[name]!, 1e-4));
    tf.dispose([value, grads]);

    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const losses = golden.losses.map(() => {
      const step = valueAndGrads(loss, model.parameters());
      optimizer.step(step.grads);
      const [current] = step.value.dataSync();
      tf.dispose([step.value, step.grads]);
      return current!;
    });
    expectClose(losses, golden.losses, 1e-4);
    tf.dispose(Object.values(batch));
    model.dispose();
  });

  it('decodes with a cache as it does without, and frees all of it', async () => {
    const model = load(golden).eval();
    const sources = golden.source.map((ids, i) => ids.slice(0, golden.lens[i]));
    const options = { bos: 1, eos: 2, maxLength: 7 };
    await greedySearch(model.searchDecoder(), sources, options); // makes the table of positions
    const tensors = tf.memory().numTensors;
    const cached = await beamSearch(model.searchDecoder({ attention: true }), sources, {
      ...options,
      beamSize: 3,
    });
    expect(tf.memory().numTensors).toBe(tensors);
    const plain = await beamSearch(new Uncached(model), sources, { ...options, beamSize: 3 });
    cached.forEach(({ hypotheses }, i) => {
      expect(hypotheses[0]!.tokens).toEqual(plain[i]!.hypotheses[0]!.tokens);
      expect(hypotheses[0]!.score).toBeCloseTo(plain[i]!.hypotheses[0]!.score, 4);
    });
    for (const [i, source] of sources.entries()) {
      const [alone] = await greedySearch(model.searchDecoder(), [source], options);
      const together = (await greedySearch(model.searchDecoder(), sources, options))[i]!;
      expect(alone!.hypotheses[0]!.tokens).toEqual(together.hypotheses[0]!.tokens);
    }
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

/** Decodes by running the whole target again at every step. */
class Uncached implements StepDecoder<readonly number[], { source: readonly number[]; target: number[] }[]> {
  readonly vocabSize: number;

  constructor(private readonly model: Transformer) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]) {
    return sources.map((source) => ({ source, target: [] as number[] }));
  }

  step(state: { source: readonly number[]; target: number[] }[], tokens: Int32Array) {
    const next = state.map(({ source, target }, row) => ({ source, target: [...target, tokens[row]!] }));
    const logits = new Float32Array(next.length * this.vocabSize);
    next.forEach(({ source, target }, row) => {
      const values = tf.tidy(() => {
        const all = this.model.forward({
          source: tf.tensor2d([[...source]], undefined, 'int32'),
          sourceLens: tf.tensor1d([source.length], 'int32'),
          input: tf.tensor2d([target], undefined, 'int32'),
        });
        return all.dataSync().slice(-this.vocabSize);
      });
      logits.set(values, row * this.vocabSize);
    });
    return { logits, state: next };
  }

  reorder(state: { source: readonly number[]; target: number[] }[], indices: Int32Array) {
    return Array.from(indices, (index) => state[index]!);
  }
}

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
