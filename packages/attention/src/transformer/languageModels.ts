// Language models of every architecture, and a text generator over any of them.
import { architecture, field } from '@d2lts/core';
import {
  type LanguageModel,
  type LanguageModelArchitectures,
  TextGenerator,
  recurrentArchitectures,
} from '@d2lts/rnn';
import { type DecoderOnlyConfig, DecoderOnlyTransformer } from './decoderOnly.ts';
import { transformerFields } from './transformerFields.ts';

/** The recurrent architectures of @d2lts/rnn, and `transformer`: a `DecoderOnlyTransformer`. */
export const languageModelArchitectures: LanguageModelArchitectures = {
  ...recurrentArchitectures,
  transformer: architecture<DecoderOnlyConfig, LanguageModel>(
    { ...transformerFields, numLayers: field.layers },
    (config, options) => new DecoderOnlyTransformer(config, options),
  ),
};

/** `TextGenerator.load` for language models of every architecture. */
export function loadTextGenerator(path: string): Promise<TextGenerator> {
  return TextGenerator.load(path, { architectures: languageModelArchitectures });
}
