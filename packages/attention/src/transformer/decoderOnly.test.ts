// Decoder-only models: cached decoding equals uncached, batches of ragged prompts equal single ones, learning by heart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Adam, Rng, crossEntropy, saveModel, useBackend, valueAndGrads } from '@d2lts/core';
import {
  type StepDecoder,
  type TextGeneratorConfig,
  SubwordTokenizer,
  TextGenerator,
  Vocab,
  beamSearch,
  buildLanguageModel,
  charTokenizer,
  greedySearch,
  sampleSearch,
  scoreText,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DecoderOnlyConfig,
  DecoderOnlyTransformer,
  languageModelArchitectures,
  loadTextGenerator,
} from './index.ts';

const sizes = { vocabSize: 11, dim: 16, numHeads: 2, ffnDim: 24, numLayers: 2, maxLen: 24 };
const variants: [name: string, config: Partial<DecoderOnlyConfig>][] = [
  ['learned, GELU', {}],
  ['rotary, SwiGLU', { positions: 'rotary', activation: 'swiglu', attentionBias: false }],
  ['sinusoidal, post-norm, untied', { positions: 'sinusoidal', normFirst: false, tiedEmbeddings: false }],
];
const prompts = [[3, 4, 5, 6, 7], [8], [9, 3, 3]];
const options = { bos: 1, eos: 2, maxLength: 8 };

beforeAll(async () => {
  await useBackend();
});

/** Larger weights than at the start of a training, so that the continuations differ. */
function build(config: Partial<DecoderOnlyConfig>, seed = 1): DecoderOnlyTransformer {
  const model = new DecoderOnlyTransformer({ ...sizes, ...config }, { rng: new Rng(seed) });
  tf.tidy(() => {
    for (const weight of model.parameters()) if (weight.rank === 2) weight.assign(tf.mul(weight, 3));
  });
  return model;
}

describe.each(variants)('DecoderOnlyTransformer (%s)', (_, config) => {
  it('decodes with a cache as it does without, alone as in a batch, and frees all of it', async () => {
    const model = build(config);
    await greedySearch(model.searchDecoder(), prompts, options); // makes the tables of positions
    const tensors = tf.memory().numTensors;
    const cached = await beamSearch(model.searchDecoder({ attention: true }), prompts, {
      ...options,
      beamSize: 3,
    });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(model.training).toBe(true);
    model.eval();
    for (const [i, prompt] of prompts.entries()) {
      const best = cached[i]!.hypotheses[0]!;
      const [plain] = await beamSearch(new Uncached(model), [prompt], { ...options, beamSize: 3 });
      const [alone] = await beamSearch(model.searchDecoder(), [prompt], { ...options, beamSize: 3 });
      for (const other of [plain!, alone!]) {
        expect(best.tokens).toEqual(other.hypotheses[0]!.tokens);
        expect(best.score).toBeCloseTo(other.hypotheses[0]!.score, 4);
      }
      best.attention!.forEach((row, step) => {
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        expect(row).toHaveLength(5 + step);
        expect([...row.subarray(0, 5 - prompt.length)].every((weight) => weight === 0)).toBe(true);
      });
    }
    model.dispose();
  });

  it('does not see the future', () => {
    tf.tidy(() => {
      const model = build(config).eval();
      const whole = model.forward(tf.tensor2d([[3, 4, 5, 6]], undefined, 'int32'));
      const start = model.forward(tf.tensor2d([[3, 4]], undefined, 'int32')).dataSync();
      const same = tf.slice(whole, [0, 0, 0], [1, 2, 11]).dataSync();
      start.forEach((value, i) => expect(value).toBeCloseTo(same[i]!, 4));
      model.dispose();
    });
  });
});

it('learns a rhythm by heart and continues it, without leaks', async () => {
  const model = new DecoderOnlyTransformer({ ...sizes, dropout: 0 }, { rng: new Rng(2) });
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const rhythm = Array.from({ length: 21 }, (_, i) => [3, 4, 3, 5, 6][i % 5]!);
  const ids = tf.tensor2d([rhythm.slice(0, 20)], undefined, 'int32');
  const labels = tf.tensor2d([rhythm.slice(1)], undefined, 'int32');
  let tensors = 0;
  for (let step = 0; step < 80; step++) {
    const loss = () => crossEntropy(model.forward(ids), labels) as tf.Scalar;
    const { value, grads } = valueAndGrads(loss, model.parameters());
    optimizer.step(grads);
    tf.dispose([value, grads]);
    if (step === 0) tensors = tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(tensors);
  const [result] = await sampleSearch(model.searchDecoder(), [rhythm.slice(0, 5)], {
    ...options,
    seed: 1,
    temperature: 0.1,
    maxLength: 10,
  });
  expect(result!.hypotheses[0]!.tokens).toEqual(rhythm.slice(5, 15));
  tf.dispose([ids, labels]);
  model.dispose();
});

it('refuses an empty prompt', async () => {
  const model = build({ positions: 'learned' });
  await expect(greedySearch(model.searchDecoder(), [[]], options)).rejects.toThrow(
    'DecoderOnlySearch: a prompt must have at least one token',
  );
  model.dispose();
});

it('goes on past its window, from the half of it that it reads again, whatever else is in the batch', async () => {
  const model = build({ positions: 'learned', maxLen: 8 }).eval();
  const prompt = [3, 4, 5, 6, 7, 8, 9, 10, 3, 4, 6];
  const long = { bos: 1, eos: 2, maxLength: 20 };
  const both = await greedySearch(model.searchDecoder(), [prompt, [3, 4]], long);
  // The same by hand: the window has at most 8 tokens, and after it was full the last 4 before the new one.
  for (const [i, text] of [prompt, [3, 4]].entries()) {
    let window = text.slice(0, -1).slice(-7);
    let next = text.at(-1)!;
    const tokens: number[] = [];
    for (let n = 0; n < 20 && next !== 2; n++) {
      if (window.length === 8) window = window.slice(-4);
      window = [...window, next];
      const ids = window;
      next = tf.tidy(() => {
        const logits = model.forward(tf.tensor2d([ids], undefined, 'int32'));
        return tf.argMax(tf.slice(logits, [0, ids.length - 1, 0], [1, 1, 11]), 2).dataSync()[0]!;
      });
      tokens.push(next);
    }
    const [alone] = await greedySearch(model.searchDecoder(), [text], long);
    for (const result of [both[i], alone])
      expect(result!.hypotheses[0]!.tokens).toEqual(tokens.filter((token) => token !== 2));
  }
  model.dispose();
});

it('is scored by overlapping windows: every token once, from at least half a window', async () => {
  const model = build({ maxLen: 6 }).eval();
  const text = [3, 4, 5, 6, 7, 8, 9, 10, 4, 3, 5, 5, 6, 9];
  const logProb = (ids: number[], target: number) =>
    tf.tidy(() => {
      const logits = tf.squeeze<tf.Tensor2D>(model.forward(tf.tensor2d([ids], undefined, 'int32')), [0]);
      return tf.logSoftmax(logits).arraySync()[ids.length - 1]![target]!;
    });
  let nats = 0;
  for (let i = 1; i < text.length; i++) {
    const start = i <= 6 ? 0 : 3 * Math.ceil((i - 6) / 3);
    nats -= logProb(text.slice(start, i), text[i]!);
  }
  for (const batchSize of [1, 2, 8]) {
    const score = await scoreText(model, text, { batchSize });
    expect(score.tokens).toBe(13);
    expect(score.nats * 13).toBeCloseTo(nats, 3);
  }
  await expect(scoreText(model, [3])).rejects.toThrow('there must be a token to predict');
  model.dispose();
});

it('is a text generator from a model folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'd2l-decoder-only-'));
  const tokenizer = SubwordTokenizer.fromJSON(charTokenizer(new Vocab(Array.from('to be or not'))));
  const config: TextGeneratorConfig = {
    format: 'd2lts-language-model',
    version: 1,
    architecture: 'transformer',
    model: { ...sizes, vocabSize: tokenizer.vocabSize, positions: 'rotary' },
    generation: { prompt: 'to ', temperature: 1, topP: 1 },
  };
  const model = buildLanguageModel('transformer', config.model, {
    rng: new Rng(3),
    architectures: languageModelArchitectures,
  });
  const save = (config: object) => saveModel(folder, { model, config, tokenizer: tokenizer.toJSON() });
  try {
    await save(config);
    const generator = await loadTextGenerator(folder);
    const { text } = await generator.generate('not ', { maxTokens: 60, seed: 1 }); // past the window of 24
    expect(Array.from(text)).toHaveLength(60);
    expect((await generator.score('to be or not to be')).tokens).toBe(17);
    generator.dispose();
    await save({ ...config, model: { ...config.model, numLayers: 1e9 } });
    await expect(loadTextGenerator(folder)).rejects.toThrow('its field "model.numLayers"');
    await expect(TextGenerator.load(folder)).rejects.toThrow('its field "architecture"');
  } finally {
    model.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Decodes by running the whole sequence again at every step. */
class Uncached implements StepDecoder<readonly number[], number[][]> {
  readonly vocabSize: number;

  constructor(private readonly model: DecoderOnlyTransformer) {
    this.vocabSize = model.vocabSize;
  }

  firstTokens(sources: readonly (readonly number[])[]) {
    return Int32Array.from(sources, (source) => source.at(-1)!);
  }

  start(sources: readonly (readonly number[])[]) {
    return sources.map((source) => source.slice(0, -1));
  }

  step(state: number[][], tokens: Int32Array) {
    const next = state.map((ids, row) => [...ids, tokens[row]!]);
    const lastRow = (ids: number[]) =>
      tf.tidy(() => this.model.forward(tf.tensor2d([ids], undefined, 'int32')).dataSync());
    const logits = Float32Array.from(next.flatMap((ids) => Array.from(lastRow(ids).slice(-this.vocabSize))));
    return { logits, state: next };
  }

  reorder(state: number[][], indices: Int32Array) {
    return Array.from(indices, (index) => state[index]!);
  }
}
