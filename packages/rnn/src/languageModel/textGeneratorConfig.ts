// The config.json of a language model's folder.
import { FormatError } from '@d2lts/core';
import { type LanguageModelArchitecture, languageModelArchitectures } from './buildLanguageModel.ts';
import type { RNNModelConfig } from './rnnModel.ts';

/** How a model generates when the caller does not say. */
export interface GenerationDefaults {
  /** The text to go on from. */
  prompt: string;
  temperature: number;
  topP: number;
}

/** Everything but weights and tokenizer that makes a text generator. */
export interface TextGeneratorConfig {
  format: 'd2lts-language-model';
  version: 1;
  architecture: LanguageModelArchitecture;
  model: RNNModelConfig;
  generation: GenerationDefaults;
}

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkTextGeneratorConfig(value: unknown): TextGeneratorConfig {
  const config = value as Partial<TextGeneratorConfig> | null;
  const { model, generation } = config ?? {};
  const optional = (x: unknown, test: (x: unknown) => boolean) => x === undefined || test(x);
  const flag = (x: unknown) => typeof x === 'boolean';
  const size = (x: unknown) => Number.isInteger(x) && (x as number) > 0 && (x as number) <= maxSize;
  const share = (x: unknown) => typeof x === 'number' && x >= 0 && x <= 1;
  const tests: [string, boolean][] = [
    ['format', config?.format === 'd2lts-language-model'],
    ['version', config?.version === 1],
    ['architecture', languageModelArchitectures.includes(config?.architecture as LanguageModelArchitecture)],
    ['model', typeof model === 'object' && model !== null],
    ['model.vocabSize', size(model?.vocabSize)],
    ['model.hiddenSize', size(model?.hiddenSize)],
    ['model.embedSize', optional(model?.embedSize, size)],
    ['model.numLayers', optional(model?.numLayers, (x) => size(x) && (x as number) <= 64)],
    ['model.cell', optional(model?.cell, (x) => x === 'rnn' || x === 'gru' || x === 'lstm')],
    ['model.dropout', optional(model?.dropout, share)],
    ['model.tiedEmbeddings', optional(model?.tiedEmbeddings, flag)],
    ['model.bidirectional', optional(model?.bidirectional, flag)],
    ['generation.prompt', typeof generation?.prompt === 'string'],
    ['generation.temperature', typeof generation?.temperature === 'number' && generation.temperature > 0],
    ['generation.topP', share(generation?.topP)],
  ];
  const wrong = tests.find(([, holds]) => !holds)?.[0];
  if (wrong === undefined) return value as TextGeneratorConfig;
  throw new FormatError({
    operation: 'TextGenerator.load',
    fact: `config.json must describe a language model: its field ${JSON.stringify(wrong)} is missing or wrong`,
    value: at(config, wrong),
    advice: 'use a folder that `d2l train` wrote for a language model',
    argument: wrong,
  });
}

/** A hostile file must not ask for more memory than a model can need. */
const maxSize = 2 ** 20;

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], value);
}
