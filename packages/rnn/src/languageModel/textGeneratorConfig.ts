// The config.json of a language model's folder.
import {
  type ArchitectureConfig,
  type ModelConfig,
  type ModelFormat,
  checkModelConfig,
  field,
} from '@d2lts/core';
import { type LanguageModelArchitectures, recurrentArchitectures } from './buildLanguageModel.ts';
import type { LanguageModel } from './languageModel.ts';

/** How a model generates when the caller does not say. */
export interface GenerationDefaults {
  /** The text to go on from. */
  prompt: string;
  temperature: number;
  topP: number;
}

/** Everything but weights and tokenizer that makes a text generator. */
export interface TextGeneratorConfig extends ModelConfig {
  format: 'd2lts-language-model';
  model: ArchitectureConfig & { vocabSize: number };
  generation: GenerationDefaults;
}

const { above, object, share, text } = field;

/** Folders of language models of these architectures. */
export function languageModelFormat(
  architectures: LanguageModelArchitectures,
): ModelFormat<LanguageModel, TextGeneratorConfig> {
  return {
    operation: 'TextGenerator.load',
    what: 'a language model',
    format: 'd2lts-language-model',
    architectures,
    fields: () => ({
      generation: object<GenerationDefaults>({ prompt: text, temperature: above(0), topP: share }),
    }),
  };
}

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkTextGeneratorConfig(
  value: unknown,
  architectures: LanguageModelArchitectures = recurrentArchitectures,
): TextGeneratorConfig {
  return checkModelConfig(value, languageModelFormat(architectures));
}
