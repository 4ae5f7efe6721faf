// Forced decoding against the search that found a sequence, and against teacher forcing.
import { Rng, useBackend } from '@d2lts/core';
import { greedySearch } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { DecoderOnlyTransformer, buildTranslationModel } from '../index.ts';
import { forcedDecoding } from './forcedDecoding.ts';

const [bos, eos] = [1, 2];
const sizes = {
  transformer: { dim: 8, numHeads: 2, ffnDim: 8, encoderLayers: 1, decoderLayers: 1 },
  seq2seq: { embedSize: 4, hiddenSize: 8, numLayers: 1 },
  bahdanau: { embedSize: 4, hiddenSize: 8, numLayers: 1 },
};

beforeAll(async () => {
  await useBackend();
});

it.each(Object.entries(sizes))('%s: the probabilities of what greedy search found', async (name, config) => {
  const model = buildTranslationModel(name, { ...config, vocabSize: 9 }, { rng: new Rng(5) }).eval();
  const source = [3, 4, 5, eos];
  const decoder = model.searchDecoder({ attention: true });
  const options = { bos, eos, maxLength: 5 };
  const [result] = await greedySearch(decoder, [source], options);
  const tensors = tf.memory().numTensors;
  const { tokens, logProbs, attention } = result!.hypotheses[0]!;
  const all = [...tokens, eos].slice(0, logProbs.length);
  const forced = await forcedDecoding(decoder, source, all, bos);
  expect(tf.memory().numTensors).toBe(tensors);
  forced.logProbs.forEach((value, i) => expect(value).toBeCloseTo(logProbs[i]!, 5));
  expect(forced.attention?.length).toBe(attention?.length);
  const other = await forcedDecoding(decoder, source, [7, 7, 8, eos], bos);
  const expected = tf.tidy(() => {
    const logits = model.forward({
      source: tf.tensor2d([source], undefined, 'int32'),
      sourceLens: tf.tensor1d([4], 'int32'),
      input: tf.tensor2d([[bos, 7, 7, 8]], undefined, 'int32'),
    });
    return tf.squeeze(tf.logSoftmax(logits), [0]).arraySync() as number[][];
  });
  [7, 7, 8, eos].forEach((token, t) => expect(other.logProbs[t]).toBeCloseTo(expected[t]![token]!, 5));
  model.dispose();
});

it('a language model: the probabilities of a continuation', async () => {
  const config = { vocabSize: 9, dim: 8, numHeads: 2, ffnDim: 8, numLayers: 1 };
  const model = new DecoderOnlyTransformer(config, { rng: new Rng(1) }).eval();
  const { logProbs } = await forcedDecoding(model.searchDecoder(), [3, 4], [5, 6], bos);
  const expected = tf.tidy(() => {
    const logits = model.forward(tf.tensor2d([[3, 4, 5]], undefined, 'int32'));
    return tf.squeeze(tf.logSoftmax(logits), [0]).arraySync() as number[][];
  });
  expect(logProbs[0]).toBeCloseTo(expected[1]![5]!, 5);
  expect(logProbs[1]).toBeCloseTo(expected[2]![6]!, 5);
  model.dispose();
});
