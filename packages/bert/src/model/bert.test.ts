// BERT against Hugging Face's and the book's (golden/bert.py): outputs, gradients, Adam steps; padding; what is refused.
import { readFileSync } from 'node:fs';
import { Adam, Rng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  expectGradients,
  goldenTensors,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import {
  BERTModel,
  type BertSizes,
  bookBert,
  fromHuggingFace,
  padPretrainingExamples,
  pretrainingLoss,
  pretrainingTensors,
  toHuggingFace,
} from '../index.ts';

interface Case {
  kind: 'Hugging Face' | 'the book';
  weights: GoldenWeights;
  batch: Record<string, number[] | number[][]>;
  hidden: number[];
  maskLogits: number[];
  nextSentenceLogits: number[];
  gradients: GoldenWeights;
  losses: number[];
}

const { sizes, cases } = JSON.parse(readFileSync(new URL('golden/bert.json', import.meta.url), 'utf8')) as {
  sizes: BertSizes;
  cases: Case[];
};
const rng = () => new Rng(1);

/** Numbers by our names. */
function ours({ kind }: Case, golden: GoldenWeights): GoldenWeights {
  if (kind === 'the book') return golden;
  const theirs = goldenTensors(golden);
  const mapped = fromHuggingFace(theirs);
  const entries = Object.entries(mapped).map(([name, tensor]) => {
    return [name, { shape: tensor.shape, values: Array.from(tensor.dataSync()) }] as const;
  });
  tf.dispose([theirs, mapped]);
  return Object.fromEntries(entries);
}

function load(golden: Case): BERTModel {
  const config = golden.kind === 'the book' ? bookBert(sizes) : sizes;
  return loadGolden(new BERTModel(config, { rng: rng() }), ours(golden, golden.weights));
}

function batchOf({ batch }: Case) {
  const tensor = (name: string, dtype: 'int32' | 'float32' = 'int32') =>
    tf.tensor(batch[name]!, undefined, dtype);
  return {
    ids: tensor('ids'),
    segments: tensor('segments'),
    validLens: tensor('validLens'),
    positions: tensor('positions'),
    labels: tensor('labels'),
    weights: tensor('weights', 'float32'),
    nextSentence: tensor('nextSentence'),
  };
}

beforeAll(async () => {
  await useBackend();
});

describe.each(cases.map((golden) => ({ golden, kind: golden.kind })))(
  'BERT as $kind has it',
  ({ golden }) => {
    it('has the same outputs, gradients and Adam steps', () => {
      const model = load(golden);
      const batch = batchOf(golden);
      tf.tidy(() => {
        const { hidden, maskLogits, nextSentenceLogits } = model.forward(batch);
        const seen = (values: ArrayLike<number>) =>
          Array.from(values).filter((_, i) => {
            const row = Math.floor(i / (6 * sizes.dim));
            return Math.floor(i / sizes.dim) % 6 < (golden.batch['validLens'] as number[])[row]!;
          });
        expectClose(seen(hidden.dataSync()), seen(golden.hidden), 1e-5);
        expectClose(maskLogits!.dataSync(), golden.maskLogits, 1e-5);
        expectClose(nextSentenceLogits.dataSync(), golden.nextSentenceLogits, 1e-5);
      });
      const loss = () => pretrainingLoss(model, batch).loss;
      const gradients = Object.entries(ours(golden, golden.gradients));
      expectGradients(model, loss, Object.fromEntries(gradients.map(([name, { values }]) => [name, values])));
      expectAdamSteps(model, loss, golden.losses);
      tf.dispose(Object.values(batch));
      model.dispose();
    });

    it('does not see padding, and gives every head a weight of 1 in all', () => {
      tf.tidy(() => {
        const model = load(golden).eval();
        const { ids, segments, validLens } = batchOf(golden);
        const maps: tf.Tensor[] = [];
        const whole = model.forward({ ids, segments, validLens, onWeights: (map) => maps.push(map) });
        const short = model.forward({
          ids: tf.slice(ids, [1, 0], [1, 4]),
          segments: tf.slice(segments, [1, 0], [1, 4]),
        });
        expectClose(
          tf.slice(whole.hidden, [1, 0, 0], [1, 4, sizes.dim]).dataSync(),
          [...short.hidden.dataSync()],
          1e-5,
        );
        expect(maps.map(({ shape }) => shape)).toEqual([
          [3, 2, 6, 6],
          [3, 2, 6, 6],
        ]);
        const rows = (tf.unstack(maps[1]!)[1]!.arraySync() as number[][][]).flat();
        for (const row of rows) {
          expect(row.slice(4)).toEqual([0, 0]);
          expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        }
        expect(whole.maskLogits).toBeUndefined();
        model.dispose();
      });
    });
  },
);

it("has the book's shapes", () => {
  tf.tidy(() => {
    const config = { vocabSize: 1000, dim: 768, numHeads: 4, ffnDim: 128, numLayers: 2, dropout: 0.2 };
    const model = new BERTModel(bookBert(config), { rng: rng() });
    const ids = tf.ones([2, 8], 'int32');
    const segments = tf.tensor2d([[0, 0, 0, 0, 1, 1, 1, 1], Array<number>(8).fill(0)], undefined, 'int32');
    const positions = tf.tensor2d([[1, 5, 2], [6, 1, 5]], undefined, 'int32'); // prettier-ignore
    const { hidden, maskLogits, nextSentenceLogits } = model.forward({ ids, segments, positions });
    expect(hidden.shape).toEqual([2, 8, 768]);
    expect(maskLogits!.shape).toEqual([2, 3, 1000]);
    expect(nextSentenceLogits.shape).toEqual([2, 2]);
    model.dispose();
  });
});

it('learns hidden tokens by heart from padded batches, without leaks', () => {
  const model = new BERTModel({ ...sizes, dropout: 0 }, { rng: rng() });
  const examples = [
    { ids: [1, 4, 3, 2], segments: [0, 0, 1, 1], positions: [1, 2], labels: [7, 8], isNext: true },
    { ids: [1, 5, 2], segments: [0, 0, 0], positions: [1], labels: [9], isNext: false },
  ];
  const batch = pretrainingTensors(
    padPretrainingExamples(examples, { maxLength: 5, maxPredictions: 2, padId: 0 }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const losses: number[] = [];
  let tensors = 0;
  for (let step = 0; step < 60; step++) {
    const { value, grads } = valueAndGrads(() => pretrainingLoss(model, batch).loss, model.parameters());
    optimizer.step(grads);
    losses.push(value.dataSync()[0]!);
    tf.dispose([value, grads]);
    if (step === 0) tensors = tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(tensors);
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.at(-1)).toBeLessThan(0.2);
  tf.dispose(Object.values(batch));
  model.dispose();
});

it('shares the token embedding with the mask head', () => {
  const model = new BERTModel(sizes, { rng: rng() });
  expect(model.mlm.decoder.weight).toBe(model.encoder.token_embedding.weight);
  const book = new BERTModel(bookBert(sizes), { rng: rng() });
  // The book's has an output matrix of its own, and no normalisation of the embeddings.
  expect(book.parameterCount() - model.parameterCount()).toBe((sizes.vocabSize - 2) * sizes.dim);
  book.dispose();
  model.dispose();
});

describe('fromHuggingFace', () => {
  const query = 'bert.encoder.layer.0.attention.self.query.bias';
  it.each([
    [
      'an unknown name',
      ['bert.pooler.dense.bias', 'bert.pooler.dens.weight'],
      'did you mean "bert.pooler.dense.weight"?',
    ],
    [
      'a query alone',
      ['bert.pooler.dense.bias', query],
      /needs .*\.query\.bias, .*\.key\.bias, .*, got \["bert/,
    ],
  ])('refuses %s without leaks', (_, names, message) => {
    const state = Object.fromEntries(names.map((name) => [name, tf.zeros([1])]));
    const before = tf.memory().numTensors;
    expect(() => fromHuggingFace(state)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(state);
  });

  it('frees what it made when parts do not fit together', () => {
    const part = (name: string) => `bert.encoder.layer.0.attention.self.${name}.weight`;
    const parts = { [part('query')]: tf.zeros([2, 3]), [part('key')]: tf.zeros([2, 3]) };
    const state = { 'bert.pooler.dense.bias': tf.zeros([1]), ...parts, [part('value')]: tf.zeros([2, 4]) };
    const before = tf.memory().numTensors;
    expect(() => fromHuggingFace(state)).toThrow();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(state);
  });

  it('takes the first name of a tied bias, leaves buffers out, and understands old names', () => {
    const state = {
      'cls.predictions.decoder.bias': tf.ones([1]),
      'cls.predictions.bias': tf.zeros([1]),
      'bert.embeddings.position_ids': tf.zeros([1, 4], 'int32'),
      'bert.embeddings.LayerNorm.gamma': tf.ones([1]),
      'bert.embeddings.LayerNorm.beta': tf.ones([1]),
    };
    const before = tf.memory().numTensors;
    const mapped = fromHuggingFace(state);
    expect(Object.keys(mapped).sort()).toEqual([
      'encoder.norm.bias',
      'encoder.norm.weight',
      'mlm.decoder.bias',
    ]);
    expect(tf.memory().numTensors).toBe(before + 3);
    expect(mapped['mlm.decoder.bias']!.dataSync()).toEqual(Float32Array.of(0));
    tf.dispose([state, mapped]);
  });

  it('reads a bare BertModel', () => {
    const { weights } = cases.find(({ kind }) => kind === 'Hugging Face')!;
    const bare = Object.entries(weights).filter(([name]) => name.startsWith('bert.'));
    const theirs = goldenTensors(Object.fromEntries(bare.map(([name, value]) => [name.slice(5), value])));
    const mapped = fromHuggingFace(theirs);
    const model = new BERTModel(sizes, { rng: rng() });
    const { missing, unexpected } = model.loadStateDict(mapped, { strict: false });
    expect(unexpected).toEqual([]);
    expect(missing.every((name) => /^(mlm|nsp)\./.test(name))).toBe(true);
    const pooler = weights['bert.pooler.dense.weight']!.values;
    expect(model.pooler.weight.dataSync()).toEqual(Float32Array.from(pooler));
    tf.dispose([theirs, mapped]);
    model.dispose();
  });
});

it('gives back the names and values of Hugging Face', () => {
  const { weights } = cases.find(({ kind }) => kind === 'Hugging Face')!;
  const model = load(cases.find(({ kind }) => kind === 'Hugging Face')!);
  const theirs = toHuggingFace(model.ownState());
  expect(Object.keys(theirs).sort()).toEqual(Object.keys(weights).sort());
  for (const [name, { shape, values }] of Object.entries(weights)) {
    expect(theirs[name]!.shape, name).toEqual(shape);
    expect(theirs[name]!.dataSync(), name).toEqual(Float32Array.from(values));
  }
  tf.dispose(theirs);
  model.dispose();
});
