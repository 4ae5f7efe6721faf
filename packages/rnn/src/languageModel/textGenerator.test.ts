// TextGenerator: pieces of text, seeds, greedy text, scores, and folders that are no language model's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, saveModel, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Vocab } from '../text/index.ts';
import { SubwordTokenizer, charTokenizer, trainBpe, wordTokenizer } from '../tokenizer/index.ts';
import {
  type GenerateOptions,
  RNNModel,
  type RNNModelConfig,
  type TextGeneratorConfig,
  TextGenerator,
  TokenText,
  checkTextGeneratorConfig,
} from './index.ts';

const tokenizer = SubwordTokenizer.fromJSON(charTokenizer(new Vocab(Array.from('the time machine'))));
const sizes: RNNModelConfig = { vocabSize: tokenizer.vocabSize, hiddenSize: 8, cell: 'lstm', embedSize: 4 };
const config: TextGeneratorConfig = {
  format: 'd2lts-language-model',
  version: 1,
  architecture: 'rnn',
  model: { ...sizes },
  generation: { prompt: 'the ', temperature: 0.9, topP: 1 },
};

describe('TextGenerator', () => {
  let generator: TextGenerator;
  let folder: string;

  beforeAll(async () => {
    await useBackend();
    folder = await mkdtemp(join(tmpdir(), 'd2l-generator-'));
    generator = TextGenerator.from({
      model: new RNNModel(sizes, { rng: new Rng(1) }),
      tokenizer,
      config,
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives the text in pieces, the same for the same seed, and never <unk>', async () => {
    const pieces: string[] = [];
    for await (const { text } of generator.stream('time', { seed: 2, maxTokens: 40 })) pieces.push(text);
    const whole = await generator.generate('time', { seed: 2, maxTokens: 40 });
    expect(pieces.join('')).toBe(whole.text);
    expect(Array.from(whole.text)).toHaveLength(40);
    expect(whole.tokens.map(({ id }) => id)).not.toContain(0);
    expect((await generator.generate('time', { seed: 3, maxTokens: 40 })).text).not.toBe(whole.text);
    expect((await generator.generate(undefined, { maxTokens: 1 })).prompt).toBe('the ');
  });

  it('takes the likeliest token at temperature 0, as top-k 1 does', async () => {
    const greedy = await generator.generate('time', { temperature: 0, maxTokens: 12 });
    const single = await generator.generate('time', { topK: 1, seed: 5, maxTokens: 12 });
    expect(greedy.text).toBe(single.text);
  });

  it('refuses impossible options, at temperature 0 too', async () => {
    const wrong: [GenerateOptions, string][] = [
      [{ topP: 9 }, 'topP must be above 0 and at most 1, got 9'],
      [{ topK: -1 }, 'topK must be an integer of at least 0, got -1'],
      [{ minP: -3 }, 'minP must be from 0 to 1, got -3'],
      [{ seed: -1 }, 'seed must be an integer of at least 0, got -1'],
      [{ maxTokens: 0 }, 'maxTokens must be an integer of at least 1, got 0'],
      [{ top: 0.5 }, 'top must be an integer of at least 0, got 0.5'],
      [{ minLength: 2 } as never, 'minLength must be 0 where there is no end token'],
      [{ topk: 2 } as never, 'unknown option "topk"'],
    ];
    for (const [options, message] of wrong)
      for (const temperature of [0, 1])
        await expect(generator.generate('time', { temperature, ...options })).rejects.toThrow(message);
    await expect(generator.generate('time', { temperature: -1 })).rejects.toThrow('temperature must be');
    await expect(generator.generate('time \uD83D')).rejects.toThrow('without half of a surrogate pair');
  });

  it('scores a text by the probabilities that it generates with', async () => {
    const { text, tokens } = await generator.generate('the', { seed: 4, temperature: 1, maxTokens: 9 });
    const before = await generator.score('the');
    const all = await generator.score(`the${text}`);
    // Generation shares <unk>'s probability out only in sampling: log-probabilities are the model's own.
    const added = tokens.reduce((sum, { logProb }) => sum - logProb, 0);
    expect(all.nats * all.tokens - before.nats * before.tokens).toBeCloseTo(added, 3);
    expect(all.bitsPerCharacter).toBeCloseTo((all.bits * all.tokens) / 12, 6);
    expect((await generator.score('thé xe')).unknown).toBe(2);
    await expect(generator.score('t')).rejects.toThrow('the text must have at least 2 tokens, got 1');
    await expect(generator.generate('')).rejects.toThrow('the prompt must have at least one token, got ""');
  });

  it('tells the likeliest tokens at each position when asked to', async () => {
    const options = { temperature: 0, maxTokens: 6 };
    const { tokens } = await generator.generate('time', { ...options, top: 3 });
    for (const { id, text, logProb, top } of tokens) {
      expect(top).toHaveLength(3);
      expect(top![0]).toEqual({ id, text, logProb });
      expect(top![1]!.logProb).toBeLessThanOrEqual(logProb);
    }
    expect((await generator.generate('time', options)).tokens[0]).not.toHaveProperty('top');
  });

  it('keeps the number of tensors over generated tokens', async () => {
    const before = tf.memory().numTensors;
    await generator.generate('time', { seed: 1, maxTokens: 50 });
    for await (const token of generator.stream('time', { maxTokens: 50 })) if (token.id > 0) break;
    expect(tf.memory().numTensors).toBe(before);
  });

  it('loads what was saved, and refuses what is no language model', async () => {
    const { model } = generator;
    const save = (change: object, tokens = tokenizer) =>
      saveModel(folder, { model, config: { ...config, ...change }, tokenizer: tokens.toJSON() });
    await save({});
    const loaded = await TextGenerator.load(folder);
    const options = { seed: 1, maxTokens: 20 };
    expect(await loaded.generate('time', options)).toEqual(await generator.generate('time', options));
    loaded.dispose();
    await save({}, SubwordTokenizer.fromJSON(wordTokenizer(new Vocab(['time']))));
    await expect(TextGenerator.load(folder)).rejects.toThrow('as many tokens as the model');
    await save({ format: 'd2lts-translation' });
    await expect(TextGenerator.load(folder)).rejects.toThrow('its field "format" is missing or wrong');
    const hostile = { ...config, model: { ...config.model, hiddenSize: 1e9 } };
    expect(() => checkTextGeneratorConfig(hostile)).toThrow('its field "model.hiddenSize"');
    expect(() => checkTextGeneratorConfig(null)).toThrow('its field "format"');
  });
});

describe('TokenText', () => {
  it('gives pieces that join to the decoded whole, whatever the tokenizer', () => {
    const text = 'Le café, déjà là: 😀 deux  espaces\nune ligne';
    const kinds = [
      trainBpe([text], { vocabSize: 270, minFrequency: 1 }),
      charTokenizer(new Vocab(Array.from(text))),
      wordTokenizer(new Vocab(text.split(/\s+/))),
    ];
    for (const json of kinds) {
      const tokens = SubwordTokenizer.fromJSON(json);
      const ids = tokens.encode(text);
      for (const cut of [0, 1, 7]) {
        const pieces = new TokenText(tokens, ids.slice(0, cut));
        const joined =
          ids
            .slice(cut)
            .map((id) => pieces.push(id))
            .join('') + pieces.end();
        expect(tokens.decode(ids.slice(0, cut)) + joined).toBe(tokens.decode(ids));
      }
    }
  });
});
