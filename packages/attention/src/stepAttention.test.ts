// Attention of every layer and head while decoding, step by step, against that of one pass over the same output.
import { type Module, Rng, useBackend } from '@d2lts/core';
import {
  type Hypothesis,
  type SearchDecoderOptions,
  type StepMaps,
  type TranslationModel,
  beamSearch,
  greedySearch,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type AttentionMap,
  Bahdanau,
  DecoderOnlyTransformer,
  MultiHeadAttention,
  Transformer,
  forcedDecoding,
  selfAttention,
  translationAttention,
} from './index.ts';

const [bos, eos] = [1, 2];
const sources = [
  [5, 6, 7, 8, 9, eos],
  [4, eos],
  [9, 3, 7, eos],
];
const options = { bos, eos, maxLength: 4 };
const sizes = { vocabSize: 12, dim: 16, numHeads: 2, ffnDim: 24, dropout: 0.5 };
const layers = { encoderLayers: 1, decoderLayers: 2 };
const recurrent = { vocabSize: 12, embedSize: 8, hiddenSize: 10, numLayers: 2, dropout: 0.5 };

beforeAll(async () => {
  await useBackend();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Larger weights than at the start of a training, so that no two heads look alike. */
function enlarge<M extends Module>(model: M): M {
  tf.tidy(() => {
    for (const weight of model.parameters()) if (weight.rank === 2) weight.assign(tf.mul(weight, 3));
  });
  return model;
}

/** One query's weights, padded with zeros on the right as a batch's are, and a sum of 1. */
function expectRow(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBeGreaterThanOrEqual(expected.length);
  actual.forEach((weight, key) => {
    if (key < expected.length) expect(weight).toBeCloseTo(expected[key]!, 4);
    else expect(weight).toBe(0);
  });
  expect(actual.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
}

/** Each step's weights of one kind are the rows of the map; `seen` keys of them, all by default. */
function expectSteps(
  steps: readonly StepMaps[],
  kind: keyof StepMaps,
  map: AttentionMap,
  seen: (step: number) => number | undefined = () => undefined,
): void {
  steps.forEach((step, t) => {
    expect(step[kind]!.map((heads) => heads.length)).toEqual(map.layers.map((heads) => heads.length));
    step[kind]!.forEach((heads, layer) =>
      heads.forEach((row, head) => expectRow(row, map.layers[layer]![head]![t]!.slice(0, seen(t)))),
    );
  });
}

/** What a hypothesis said, its end token included. */
const said = ({ tokens, reason }: Hypothesis) => (reason === 'eos' ? [...tokens, eos] : tokens);

async function expectMaps(model: TranslationModel, hypothesis: Hypothesis, source: number[]): Promise<void> {
  const output = said(hypothesis);
  const maps = await translationAttention(model, source, output, bos);
  const [cross, target] = ['cross', 'target'].map((wanted) => maps.find(({ kind }) => kind === wanted));
  expect(hypothesis.maps).toHaveLength(output.length);
  expectSteps(hypothesis.maps!, 'cross', cross!);
  for (const { cross: [first] = [] } of hypothesis.maps!) expect(first![0]).toHaveLength(6); // the longest source
  if (target === undefined) for (const { self } of hypothesis.maps!) expect(self).toBeUndefined();
  else {
    expectSteps(hypothesis.maps!, 'self', target, (step) => step + 1);
    hypothesis.maps!.forEach(({ self }, t) => expect(self![0]![0]).toHaveLength(t + 1));
  }
}

describe.each<[name: string, build: () => TranslationModel]>([
  ['a Transformer', () => new Transformer({ ...sizes, ...layers }, { rng: new Rng(3) })],
  [
    'a post-norm Transformer with rotary positions',
    () =>
      new Transformer({ ...sizes, ...layers, normFirst: false, positions: 'rotary' }, { rng: new Rng(4) }),
  ],
  ["Bahdanau's model", () => new Bahdanau(recurrent, { rng: new Rng(5) })],
])('%s, every layer and head', (_, build) => {
  it('in a batch, greedily and in the beam: as in one pass over what it says', async () => {
    const model = enlarge(build());
    const decoder = model.searchDecoder({ attention: 'all' });
    await greedySearch(decoder, sources, options); // makes the table of positions
    const tensors = tf.memory().numTensors;
    const greedy = await greedySearch(decoder, sources, options);
    const beam = await beamSearch(decoder, sources, { ...options, beamSize: 2, nBest: 2 });
    expect(tf.memory().numTensors).toBe(tensors);
    for (const results of [greedy, beam]) {
      for (const [i, { hypotheses }] of results.entries())
        for (const hypothesis of hypotheses) await expectMaps(model, hypothesis, sources[i]!);
    }
    expect(beam[0]!.hypotheses).toHaveLength(2);
    model.dispose();
  });

  it('of a given output, with the mean over the last layer beside', async () => {
    const model = enlarge(build());
    const [source, target] = [sources[0]!, [8, 9, eos]];
    const decoder = model.searchDecoder({ attention: 'all' });
    const { maps, attention } = await forcedDecoding(decoder, source, target, bos);
    const [cross] = await translationAttention(model, source, target, bos);
    expectSteps(maps!, 'cross', cross!);
    maps!.forEach(({ cross: all }, t) => {
      const heads = all!.at(-1)!;
      attention![t]!.forEach((weight, key) => {
        const mean = heads.reduce((sum, head) => sum + head[key]!, 0) / heads.length;
        expect(weight).toBeCloseTo(mean, 5);
      });
    });
    const plain = await forcedDecoding(model.searchDecoder({ attention: true }), source, target, bos);
    expect(plain).toEqual({ logProbs: plain.logProbs, attention });
    model.dispose();
  });
});

it('a language model: self-attention to its prompt and what it said, none to padding on the left', async () => {
  const config = { ...sizes, numLayers: 2, positions: 'rotary' } as const;
  const model = enlarge(new DecoderOnlyTransformer(config, { rng: new Rng(1) }));
  const prompts = [[3, 4, 5, 6, 7], [8]];
  const results = await greedySearch(model.searchDecoder({ attention: 'all' }), prompts, options);
  for (const [i, { hypotheses }] of results.entries()) {
    const { maps } = hypotheses[0]!;
    const prompt = prompts[i]!;
    const [map] = await selfAttention(model, [...prompt, ...said(hypotheses[0]!)]);
    const padding = 5 - prompt.length;
    maps!.forEach(({ self, cross }, t) => {
      expect(cross).toBeUndefined();
      expect(self).toHaveLength(2);
      self!.forEach((heads, layer) =>
        heads.forEach((row, head) => {
          expect([...row.subarray(0, padding)].every((weight) => weight === 0)).toBe(true);
          const query = prompt.length - 1 + t;
          expectRow(row.subarray(padding), map!.layers[layer]![head]![query]!.slice(0, query + 1));
        }),
      );
    });
  }
  model.dispose();
});

it('computes weights only where they are asked for', async () => {
  const model = new Transformer({ ...sizes, ...layers }, { rng: new Rng(1) });
  const asked = async (attention?: SearchDecoderOptions['attention']) => {
    const forward = vi.spyOn(MultiHeadAttention.prototype, 'forward');
    const decoder = model.searchDecoder(attention === undefined ? {} : { attention });
    await forcedDecoding(decoder, sources[0]!, [8, 9], bos);
    const count = forward.mock.calls.filter(([, , options]) => options?.returnWeights).length;
    forward.mockRestore();
    return count;
  };
  expect(await asked()).toBe(0);
  expect(await asked(false)).toBe(0);
  expect(await asked(true)).toBe(2); // the last layer, in two steps
  expect(await asked('all')).toBe(2 * 2 * 2);
  model.dispose();
});
