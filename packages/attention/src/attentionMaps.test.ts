// Attention maps: shapes, what a causal step may see, and agreement with what decoding says.
import { Rng, useBackend } from '@d2lts/core';
import { Seq2Seq } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  type AttentionMap,
  Bahdanau,
  DecoderOnlyTransformer,
  Transformer,
  forcedDecoding,
  selfAttention,
  translationAttention,
} from './index.ts';

beforeAll(async () => {
  await useBackend();
});

const [source, target, bos] = [[5, 6, 7, 2], [8, 9, 2], 1];
const sizes = { vocabSize: 12, dim: 16, numHeads: 2, ffnDim: 24, dropout: 0.5 };
const recurrent = { vocabSize: 12, embedSize: 8, hiddenSize: 10, numLayers: 2, dropout: 0.5 };

function expectDistributions({ layers }: AttentionMap, shape: readonly number[]): void {
  const [count, heads, queries, keys] = shape as [number, number, number, number];
  expect(layers).toHaveLength(count);
  for (const layer of layers) {
    expect(layer).toHaveLength(heads);
    for (const head of layer) {
      expect(head).toHaveLength(queries);
      for (const row of head) {
        expect(row).toHaveLength(keys);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
  }
}

function expectCausal({ layers }: AttentionMap): void {
  for (const head of layers.flat())
    head.forEach((row, i) => expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true));
}

it('has every layer and head of a Transformer, dropout off, and the mean that decoding gives', async () => {
  const model = new Transformer({ ...sizes, encoderLayers: 1, decoderLayers: 3 }, { rng: new Rng(1) });
  await translationAttention(model, source, target, bos); // makes the table of positions
  const before = tf.memory().numTensors;
  const maps = await translationAttention(model, source, target, bos);
  expect(tf.memory().numTensors).toBe(before);
  expect(model.training).toBe(true);
  const [own, cross, causal] = ['source', 'cross', 'target'].map((wanted) =>
    maps.find(({ kind }) => kind === wanted)!,
  );
  expectDistributions(own!, [1, 2, 4, 4]);
  expectDistributions(cross!, [3, 2, 3, 4]);
  expectDistributions(causal!, [3, 2, 3, 3]);
  expectCausal(causal!);
  const { attention } = await forcedDecoding(model.searchDecoder({ attention: true }), source, target, bos);
  const last = cross!.layers[2]!;
  attention!.forEach((row, i) =>
    row.forEach((weight, j) => expect((last[0]![i]![j]! + last[1]![i]![j]!) / 2).toBeCloseTo(weight, 5)),
  );
  model.dispose();
});

it("has the one head of Bahdanau's model, and none where there is no attention", async () => {
  const model = new Bahdanau(recurrent, { rng: new Rng(1) });
  const [cross, ...others] = await translationAttention(model, source, target, bos);
  expect(others).toEqual([]);
  expectDistributions(cross!, [1, 1, 3, 4]);
  const { attention } = await forcedDecoding(model.searchDecoder({ attention: true }), source, target, bos);
  attention!.forEach((row, i) =>
    row.forEach((weight, j) => expect(cross!.layers[0]![0]![i]![j]).toBeCloseTo(weight, 5)),
  );
  const plain = new Seq2Seq(recurrent, { rng: new Rng(1) });
  expect(await translationAttention(plain, source, target, bos)).toEqual([]);
  expect(await translationAttention(model, source, [], bos)).toEqual([]);
  model.dispose();
  plain.dispose();
});

it('has the causal self-attention of a language model', async () => {
  const model = new DecoderOnlyTransformer({ ...sizes, numLayers: 2 }, { rng: new Rng(1) });
  const [map] = await selfAttention(model, source);
  expectDistributions(map!, [2, 2, 4, 4]);
  expectCausal(map!);
  model.dispose();
});
