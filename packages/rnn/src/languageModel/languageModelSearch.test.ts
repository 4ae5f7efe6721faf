// Continuing prompts: steps equal to the whole sequence, batches equal to single prompts, no leaks.
import { Rng, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { beamSearch, exhaustiveSearch, greedySearch, sampleSearch } from '../search/index.ts';
import { RNNModel } from './index.ts';

const vocabSize = 6;
const prompts = [[1], [2, 3, 4, 0], [5, 1]];

describe.each(['rnn', 'gru', 'lstm'] as const)('LanguageModelSearch (%s)', (cell) => {
  beforeAll(() => useBackend());
  const make = () =>
    new RNNModel({ vocabSize, hiddenSize: 16, numLayers: 2, embedSize: 4, cell }, { rng: new Rng(7) }).eval();

  it('chooses the likeliest tokens after the whole text so far', async () => {
    const model = make();
    const before = tf.memory().numTensors;
    const results = await greedySearch(model.searchDecoder(), prompts, { maxLength: 5 });
    expect(tf.memory().numTensors).toBe(before);
    for (const [i, prompt] of prompts.entries()) {
      const text = [...prompt];
      for (let t = 0; t < 5; t++) {
        const next = tf.tidy(() => {
          const [logits] = model.forward(tf.tensor2d(text, [1, text.length], 'int32'));
          return tf
            .argMax(tf.slice(tf.reshape(logits, [-1, vocabSize]), [text.length - 1, 0], [1, -1]), -1)
            .dataSync()[0]!;
        });
        text.push(next);
      }
      expect(results[i]!.hypotheses[0]!.tokens).toEqual(text.slice(prompt.length));
      expect(results[i]!.hypotheses[0]!.reason).toBe('length');
    }
  });

  it('gives a batch what it gives each prompt alone, in every search', async () => {
    const decoder = make().searchDecoder();
    const before = tf.memory().numTensors;
    const searches = [
      (some: number[][]) => greedySearch(decoder, some, { maxLength: 4, eos: 0 }),
      (some: number[][]) => beamSearch(decoder, some, { maxLength: 4, eos: 0, beamSize: 3, nBest: 3 }),
      (some: number[][]) => sampleSearch(decoder, some, { maxLength: 8, seed: 3, temperature: 2 }),
      (some: number[][]) => exhaustiveSearch(decoder, some, { maxLength: 2, eos: 0 }),
    ];
    for (const search of searches) {
      const together = await search(prompts);
      for (const [i, prompt] of prompts.entries()) {
        const [alone] = await search([prompt]);
        expect(together[i]!.hypotheses.map(({ tokens }) => tokens)).toEqual(
          alone!.hypotheses.map(({ tokens }) => tokens),
        );
        together[i]!.hypotheses.forEach(({ total }, k) =>
          expect(total).toBeCloseTo(alone!.hypotheses[k]!.total, 4),
        );
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    await expect(greedySearch(decoder, [[]], { maxLength: 2 })).rejects.toThrow('at least one token, got []');
    await expect(greedySearch(decoder, [[1], [2, 6, 1]], { maxLength: 2 })).rejects.toThrow(
      'LanguageModelSearch: prompts must be from 0 to 5, got 6',
    );
  });
});

it('leaks no tensor over 10,000 generated tokens', async () => {
  await useBackend();
  const model = new RNNModel({ vocabSize: 4, hiddenSize: 4, cell: 'lstm' }, { rng: new Rng(1) }).eval();
  const decoder = model.searchDecoder();
  const before = tf.memory();
  let most = 0;
  let last = 0;
  const [result] = await sampleSearch(decoder, [[1]], { maxLength: 10_000, seed: 1 }, ({ step }) => {
    last = step;
    most = Math.max(most, tf.memory().numTensors);
  });
  expect(result!.hypotheses[0]!.tokens).toHaveLength(10_000);
  expect(last).toBe(10_000);
  expect(most).toBeLessThanOrEqual(before.numTensors + 2); // the state
  expect(tf.memory().numTensors).toBe(before.numTensors);
});
