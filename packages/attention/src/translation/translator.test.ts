// Translator: model folders, options, batches, streams, and what it refuses.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, saveModel, useBackend } from '@d2lts/core';
import { SubwordTokenizer, trainBpe } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type TranslateOptions,
  type Translation,
  type TranslatorConfig,
  Translator,
  buildTranslationModel,
  translationAttention,
} from '../index.ts';

const tokenizer = SubwordTokenizer.fromJSON(
  trainBpe(['a b c', 'b c d'], { vocabSize: 262, minFrequency: 1 }),
);
const architectures = {
  transformer: { dim: 16, numHeads: 2, ffnDim: 16, encoderLayers: 1, decoderLayers: 1 },
  seq2seq: { embedSize: 8, hiddenSize: 16, numLayers: 1 },
  bahdanau: { embedSize: 8, hiddenSize: 16, numLayers: 2, bidirectional: true },
};
type Architecture = keyof typeof architectures;
let folder: string;

function configOf(architecture: Architecture): TranslatorConfig {
  return {
    format: 'd2lts-translation',
    version: 1,
    architecture,
    model: { ...architectures[architecture], vocabSize: tokenizer.vocabSize, maxLen: 20, padId: 0 },
    special: { pad: 0, bos: 1, eos: 2 },
    languages: { source: 'en', target: 'fr' },
    decoding: { beamSize: 3, alpha: 0.75, lengthPenalty: 'power' },
  };
}

async function save(architecture: Architecture): Promise<string> {
  const config = configOf(architecture);
  const model = buildTranslationModel(architecture, config.model, { rng: new Rng(7) });
  const path = join(folder, architecture);
  await saveModel(path, { model, config, tokenizer: tokenizer.toJSON() });
  model.dispose();
  return path;
}

beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-translator-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['transformer', 'seq2seq', 'bahdanau'] as const)('Translator (%s)', (architecture) => {
  it('leaves nothing behind when it is disposed', async () => {
    const before = tf.memory().numTensors;
    const translator = await Translator.load(await save(architecture));
    await translator.translate(['a b c']);
    translator.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives in batches and streams what it gives one by one', async () => {
    const translator = await Translator.load(await save(architecture));
    const texts = ['a b', '', 'd c b a', '  b '];
    const options = { maxLength: 6, nBest: 2 };
    const single = await translator.translate(texts, options);
    const batched = await translator.translate(texts, { ...options, batchSize: 4 });
    const plain = (list: typeof single) =>
      list.map(({ source, translation, tokens }) => ({ source, translation, tokens }));
    expect(plain(batched)).toEqual(plain(single));
    expect(single[1]).toMatchObject({ source: '', translation: '', tokens: [], alternatives: [] });
    expect(single[0]!.alternatives).toHaveLength(2);
    expect(single[0]!.alternatives[0]!.score).toBe(single[0]!.score);
    expect(single[0]!.score).toBeGreaterThanOrEqual(single[0]!.alternatives[1]!.score);

    const steps: number[] = [];
    const stream = translator.stream('d c b a', options);
    let next = await stream.next();
    for (; !next.done; next = await stream.next()) steps.push(next.value.step);
    expect(next.value).toEqual(single[2]);
    expect(steps).toEqual(Array.from(steps, (_, i) => i + 1));
    translator.dispose();
  });

  it('gives any split into batches the same tokens and scores', async () => {
    // Scores differ by float noise: products of few rows and of many add up in different orders.
    const translator = await Translator.load(await save(architecture));
    const sentences = fc.array(fc.stringMatching(/^[abcd ]{0,6}$/), { minLength: 2, maxLength: 6 });
    const plain = (list: Translation[]) =>
      list.map(({ alternatives, sourceTokens }) => ({
        sourceTokens,
        alternatives: alternatives.map(({ tokens, score, logProbs }) => ({
          tokens,
          score: expect.closeTo(score, 4) as number,
          logProbs: logProbs.map((value) => expect.closeTo(value, 4) as number),
        })),
      }));
    const options = fc.constantFrom<TranslateOptions>(
      { nBest: 3 },
      { beamSize: 1, minLength: 14 },
      { sampling: { seed: 3 } },
      { beamSize: 2, maxLength: 3, noRepeatNgram: 2 },
    );
    const property = fc.asyncProperty(
      sentences,
      options,
      fc.integer({ min: 2, max: 6 }),
      async (texts, chosen, batchSize) => {
        const single = await translator.translate(texts, chosen);
        const batched = await translator.translate(texts, { ...chosen, batchSize });
        expect(batched).toMatchObject(plain(single));
        if (chosen.maxLength === undefined)
          for (const { sourceTokens, logProbs } of batched)
            expect(logProbs.length).toBeLessThanOrEqual(Math.max(14, 2 * sourceTokens.length + 10));
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 1 });
    translator.dispose();
  });

  it('scores a given translation token by token', async () => {
    const translator = await Translator.load(await save(architecture));
    const { tokens, logProbs, score, sourceTokens } = await translator.score('a b', 'c d');
    const { tokenizer } = translator;
    const written = (ids: readonly number[]) => ids.map((id) => tokenizer.token(id));
    expect(tokens).toEqual(written(tokenizer.encode('c d')));
    expect(sourceTokens).toEqual(written([...tokenizer.encode('a b'), 2]));
    expect(logProbs).toHaveLength(tokens.length + 1);
    expect(logProbs.every((value) => value < 0)).toBe(true);
    expect(score).toBeCloseTo(logProbs.reduce((a, b) => a + b, 0) / logProbs.length, 10);
    await expect(translator.score(' ', 'a')).rejects.toThrow('the source must not be empty');
    translator.dispose();
  });

  it('samples by seed and stops when asked to', async () => {
    const translator = await Translator.load(await save(architecture));
    const draw = (seed: number) =>
      translator.translate(['a b c'], { sampling: { seed, temperature: 2 }, maxLength: 8 });
    expect(await draw(1)).toEqual(await draw(1));
    expect((await draw(1))[0]!.translation).not.toBe((await draw(2))[0]!.translation);
    const [stopped] = await translator.translate(['a b'], { signal: AbortSignal.abort() });
    expect(stopped!.translation).toBe('');
    translator.dispose();
  });
});

it.each(['seq2seq', 'bahdanau'] as const)('%s reads and says as much as it is asked to', async (name) => {
  const { model: sizes, ...config } = configOf(name);
  const unbounded = { ...sizes, maxLen: undefined };
  const model = buildTranslationModel(name, unbounded, { rng: new Rng(7) });
  const translator = Translator.from({ model, tokenizer, config: { ...config, model: unbounded } });
  const [result] = await translator.translate(['a'.repeat(300)], { beamSize: 1, minLength: 280 });
  expect(result!.tokens.length).toBeGreaterThanOrEqual(280);
  expect(result!.sourceTokens.length).toBeGreaterThan(256);
  translator.dispose();
});

describe('Translator', () => {
  it.each(['transformer', 'bahdanau'] as const)('gives the attention of %s to the source', async (name) => {
    const translator = await Translator.load(await save(name));
    const [result] = await translator.translate(['a b c'], { attention: true, maxLength: 5 });
    expect(result!.attention).toHaveLength(result!.logProbs.length);
    for (const row of result!.attention!) {
      expect(row).toHaveLength(result!.sourceTokens.length);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
    translator.dispose();
  });

  it.each(['transformer', 'bahdanau'] as const)(
    'gives the attention of %s while a given translation is scored, when asked',
    async (name) => {
      const translator = await Translator.load(await save(name));
      const { tokenizer, model } = translator;
      const scored = await translator.score('a b c', 'd b', { attention: true });
      expect(scored.attention).toHaveLength(scored.tokens.length + 1);
      const [source, target] = [tokenizer.encode('a b c'), tokenizer.encode('d b')];
      const maps = await translationAttention(model, [...source, 2], [...target, 2], 1);
      const heads = maps.find(({ kind }) => kind === 'cross')!.layers.at(-1)!;
      scored.attention!.forEach((row, token) => {
        expect(row).toHaveLength(scored.sourceTokens.length);
        row.forEach((weight, key) => {
          const mean = heads.reduce((sum, head) => sum + head[token]![key]!, 0) / heads.length;
          expect(weight).toBeCloseTo(mean, 5);
        });
      });
      const plain = await translator.score('a b c', 'd b');
      expect(plain.attention).toBeUndefined();
      expect(plain.logProbs).toEqual(scored.logProbs);
      translator.dispose();
    },
  );

  it('refuses sentences that are too long and folders that are broken', async () => {
    const path = await save('transformer');
    const translator = await Translator.load(path);
    await expect(translator.translate(['a '.repeat(40)])).rejects.toThrow(
      'Translator.translate: a sentence may have at most 19 tokens, got',
    );
    const long = 'a '.repeat(40);
    for (const scored of [translator.score(long, 'b'), translator.score('b', long)]) {
      await expect(scored).rejects.toThrow('Translator.score: a sentence may have at most 19 tokens, got');
    }
    await expect(translator.stream(long).next()).rejects.toThrow('Translator.stream: a sentence');
    translator.dispose();
    await writeFile(join(path, 'tokenizer.json'), '{');
    await expect(Translator.load(path)).rejects.toThrow('tokenizer.json must be JSON');
    const config = JSON.parse(await readFile(join(path, 'config.json'), 'utf8')) as TranslatorConfig;
    await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, special: { pad: 0 } }));
    await expect(Translator.load(path)).rejects.toThrow('its field "special.bos" is missing or wrong');
    expect(() => buildTranslationModel('transfomer', {}, { rng: new Rng(1) })).toThrow(
      'did you mean "transformer"?',
    );
  });
});
