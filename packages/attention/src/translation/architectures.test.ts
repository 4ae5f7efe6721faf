// Every field of every model that a folder can hold is checked by name; hostile sizes cost no memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormatError, Rng, saveModel, useBackend } from '@d2lts/core';
import { checkTextGeneratorConfig, trainBpe } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Translator,
  buildTranslationModel,
  checkTranslatorConfig,
  languageModelArchitectures,
} from '../index.ts';
import { translationModels } from './architectures.ts';

const transformer = { vocabSize: 262, dim: 8, numHeads: 2, ffnDim: 8 };
const recurrent = { vocabSize: 262, embedSize: 4, hiddenSize: 4, numLayers: 1 };
const translators = {
  transformer: { ...transformer, encoderLayers: 1, decoderLayers: 1 },
  seq2seq: recurrent,
  bahdanau: recurrent,
};
const generators = {
  rnn: { vocabSize: 9, hiddenSize: 4 },
  scratch: { vocabSize: 9, hiddenSize: 4 },
  transformer: { ...transformer, numLayers: 1 },
};
const translator = (architecture: string, model: object) => ({
  format: 'd2lts-translation',
  version: 1,
  architecture,
  model,
  special: { pad: 0, bos: 1, eos: 2 },
  languages: { source: 'en', target: 'fr' },
  decoding: { beamSize: 3, alpha: 0.75, lengthPenalty: 'power' },
});
const generator = (architecture: string, model: object) => ({
  format: 'd2lts-language-model',
  version: 1,
  architecture,
  model,
  generation: { prompt: '', temperature: 1, topP: 1 },
});
const checkGenerator = (config: object) => checkTextGeneratorConfig(config, languageModelArchitectures);

const cases = [
  ...Object.entries(translators).map(([name, model]) => ({
    name,
    model: model as object,
    fields: translationModels[name]!.fields,
    check: (changed: object) => checkTranslatorConfig(translator(name, changed)),
  })),
  ...Object.entries(generators).map(([name, model]) => ({
    name: `${name}, a language model`,
    model: model as object,
    fields: languageModelArchitectures[name]!.fields,
    check: (changed: object) => checkGenerator(generator(name, changed)),
  })),
];

describe.each(cases)('the config of $name', ({ model, fields, check }) => {
  it('names each field that is wrong or missing', () => {
    expect(check(model)).toMatchObject({ model });
    for (const [name, { optional }] of Object.entries(fields)) {
      for (const wrong of [1e9, -1, 0.5, Number.NaN, '3', null, [], {}, 'x'.repeat(1e5)]) {
        if (fields[name]!.holds(wrong)) continue;
        const fact = `its field "model.${name}" is missing or wrong`;
        expect(() => check({ ...model, [name]: wrong }), name).toThrow(fact);
      }
      expect(fields[name]!.holds(1e9), name).toBe(false);
      if (!optional) expect(() => check({ ...model, [name]: undefined })).toThrow(`"model.${name}"`);
    }
    expect(() => check({ ...model, vocabsize: 3 })).toThrow(
      'it has no field "model.vocabsize", got 3; did you mean "vocabSize"?',
    );
  });
});

describe('config.json', () => {
  const config = translator('seq2seq', recurrent);

  it.each<[path: string, change: object]>([
    ['special.eos', { special: { pad: 0, bos: 1, eos: 262 } }],
    ['special.pad', { special: { bos: 1, eos: 2 } }],
    ['languages.target', { languages: { source: 'en', target: 1 } }],
    ['decoding.lengthPenalty', { decoding: { ...config.decoding, lengthPenalty: 'gmnt' } }],
    ['decoding.beamSize', { decoding: { ...config.decoding, beamSize: 1e9 } }],
    ['decoding.alpha', { decoding: { ...config.decoding, alpha: null } }],
    ['architecture', { architecture: 'constructor' }],
  ])('has a %s that holds', (path, change) => {
    expect(() => checkTranslatorConfig({ ...config, ...change })).toThrow(
      `its field "${path}" is missing or wrong`,
    );
  });

  it.each([null, undefined, 3, 'text', [], {}])('is an object: %j is refused', (value) => {
    expect(() => checkTranslatorConfig(value)).toThrow('its field "format"');
    expect(() => checkGenerator(value as object)).toThrow('its field "format"');
  });
});

describe('a folder whose config asks for more than its weights hold', () => {
  beforeAll(async () => {
    await useBackend();
  });

  it.each<[name: keyof typeof translators, hostile: object]>([
    ['transformer', { dim: 2 ** 20, numHeads: 2 }],
    ['transformer', { ffnDim: 2 ** 20, encoderLayers: 64, decoderLayers: 64 }],
    ['seq2seq', { hiddenSize: 2 ** 20, numLayers: 64 }],
    ['bahdanau', { embedSize: 2 ** 20, bidirectional: true }],
  ])('%s is refused before it gets the memory', async (name, hostile) => {
    const path = await mkdtemp(join(tmpdir(), 'd2l-hostile-'));
    const model = buildTranslationModel(name, translators[name], { rng: new Rng(1) });
    const config = translator(name, { ...translators[name], ...hostile });
    const tokenizer = trainBpe(['a b c'], { vocabSize: 262, minFrequency: 1 });
    await saveModel(path, { model, config, tokenizer });
    const before = tf.memory();
    const failure = await Translator.load(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FormatError);
    expect((failure as Error).message).toContain('must describe a translation model that fits its weights');
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    model.dispose();
    await rm(path, { recursive: true });
  });
});
