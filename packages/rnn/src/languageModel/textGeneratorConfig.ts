// The config.json of a language model's folder.
import { FormatError } from '@d2lts/core';
import {
  type ArchitectureConfig,
  type LanguageModelArchitecture,
  type LanguageModelArchitectures,
  fieldTests,
  recurrentArchitectures,
} from './buildLanguageModel.ts';

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
  /** Name of the kind of model. */
  architecture: string;
  model: ArchitectureConfig & { vocabSize: number };
  generation: GenerationDefaults;
}

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkTextGeneratorConfig(
  value: unknown,
  architectures: LanguageModelArchitectures = recurrentArchitectures,
): TextGeneratorConfig {
  const config = value as Partial<TextGeneratorConfig> | null;
  const { model, generation } = config ?? {};
  const { size, share } = fieldTests;
  const known = Object.keys(architectures).includes(config?.architecture as string);
  const tests: [string, boolean][] = [
    ['format', config?.format === 'd2lts-language-model'],
    ['version', config?.version === 1],
    ['architecture', known],
    ['model', typeof model === 'object' && model !== null],
    ['model.vocabSize', size(model?.vocabSize)],
    ...fieldsOf(known ? architectures[config!.architecture!] : undefined, model),
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

function fieldsOf(
  architecture: LanguageModelArchitecture | undefined,
  model: ArchitectureConfig | null | undefined,
): [string, boolean][] {
  const fields = architecture?.fields(model ?? {}) ?? [];
  return fields.map(([name, holds]) => [`model.${name}`, holds]);
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], value);
}
