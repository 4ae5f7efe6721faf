// The config.json of a translation model's folder.
import { type ModelConfig, type ModelFormat, checkModelConfig, field } from '@d2lts/core';
import type { LengthPenalty, SpecialIds, TranslationModel } from '@d2lts/rnn';
import { translationModels } from './architectures.ts';

/** How a model is searched when the caller does not say. */
export interface DecodingDefaults {
  beamSize: number;
  alpha: number;
  lengthPenalty: LengthPenalty;
}

/** Everything but weights and tokenizer that makes a translator. */
export interface TranslatorConfig extends ModelConfig {
  format: 'd2lts-translation';
  special: SpecialIds;
  languages: { source: string; target: string };
  decoding: DecodingDefaults;
}

const { between, integer, object, oneOf, size, text } = field;

/** Folders of translation models. */
export const translatorFormat: ModelFormat<TranslationModel, TranslatorConfig> = {
  operation: 'Translator.load',
  what: 'a translation model',
  format: 'd2lts-translation',
  architectures: translationModels,
  fields: ({ vocabSize, targetVocabSize = vocabSize }) => {
    const id = integer(0, Math.min(Number(vocabSize), Number(targetVocabSize)) - 1);
    return {
      special: object<SpecialIds>({ pad: id, bos: id, eos: id }),
      languages: object<TranslatorConfig['languages']>({ source: text, target: text }),
      decoding: object<DecodingDefaults>({
        beamSize: size,
        alpha: between(0, 100),
        lengthPenalty: oneOf('power', 'gnmt'),
      }),
    };
  },
};

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkTranslatorConfig(value: unknown): TranslatorConfig {
  return checkModelConfig(value, translatorFormat);
}
