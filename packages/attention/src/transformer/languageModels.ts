// Language models of every architecture, and a text generator over any of them.
import {
  type LanguageModelArchitectures,
  TextGenerator,
  fieldTests,
  recurrentArchitectures,
} from '@d2lts/rnn';
import { type DecoderOnlyConfig, DecoderOnlyTransformer } from './decoderOnly.ts';

/** The recurrent architectures of @d2lts/rnn, and `transformer`: a `DecoderOnlyTransformer`. */
export const languageModelArchitectures: LanguageModelArchitectures = {
  ...recurrentArchitectures,
  transformer: {
    fields: (config) => {
      const { size, layers, share, flag, oneOf, optional } = fieldTests;
      return [
        ['dim', size(config.dim)],
        ['numHeads', size(config.numHeads)],
        ['ffnDim', size(config.ffnDim)],
        ['numLayers', layers(config.numLayers)],
        ['maxLen', optional(config.maxLen, size)],
        ['dropout', optional(config.dropout, share)],
        ['normFirst', optional(config.normFirst, flag)],
        ['tiedEmbeddings', optional(config.tiedEmbeddings, flag)],
        ['attentionBias', optional(config.attentionBias, flag)],
        ['positions', optional(config.positions, oneOf('sinusoidal', 'learned', 'rotary'))],
        ['activation', optional(config.activation, oneOf('relu', 'gelu', 'silu', 'swiglu'))],
      ];
    },
    build: (config, options) => new DecoderOnlyTransformer(config as unknown as DecoderOnlyConfig, options),
  },
};

/** `TextGenerator.load` for language models of every architecture. */
export function loadTextGenerator(path: string): Promise<TextGenerator> {
  return TextGenerator.load(path, { architectures: languageModelArchitectures });
}
