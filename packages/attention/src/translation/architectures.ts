// Translation models by name of their architecture, built from plain JSON.
import {
  type ArchitectureConfig,
  type Architectures,
  type Rng,
  architecture,
  buildArchitecture,
  field,
} from '@d2lts/core';
import { Seq2Seq, type Seq2SeqConfig, type TranslationModel } from '@d2lts/rnn';
import { Bahdanau, type BahdanauConfig } from '../bahdanau/index.ts';
import { Transformer, type TransformerConfig } from '../transformer/transformer.ts';
import { maxLenField, transformerFields } from '../transformer/transformerFields.ts';

const { flag, integer, layers, oneOf, optional, share, size } = field;

/** Vocabularies and padding. */
const tokens = { vocabSize: size, targetVocabSize: optional(size), padId: optional(integer(0, 2 ** 20)) };

const recurrent = {
  ...tokens,
  embedSize: size,
  hiddenSize: size,
  numLayers: layers,
  dropout: optional(share),
  bidirectional: optional(flag),
  maxLen: maxLenField,
};

/** Translation models that model folders may name. */
export const translationModels: Architectures<TranslationModel> = {
  transformer: architecture<TransformerConfig, TranslationModel>(
    {
      ...transformerFields,
      ...tokens,
      encoderLayers: layers,
      decoderLayers: layers,
      outputBias: optional(flag),
    },
    (config, options) => new Transformer(config, options),
  ),
  seq2seq: architecture<Seq2SeqConfig, TranslationModel>(
    recurrent,
    (config, options) => new Seq2Seq(config, options),
  ),
  bahdanau: architecture<BahdanauConfig, TranslationModel>(
    {
      ...recurrent,
      cell: optional(oneOf('gru', 'lstm')),
      score: optional(oneOf('additive', 'dot', 'bilinear')),
    },
    (config, options) => new Bahdanau(config, options),
  ),
};

/** Names that `buildTranslationModel` knows. */
export const translationArchitectures: readonly string[] = Object.keys(translationModels);

/** Builds an untrained model. @throws ConfigError for an unknown architecture */
export function buildTranslationModel(
  name: string,
  config: ArchitectureConfig,
  { rng }: { rng: Rng },
): TranslationModel {
  return buildArchitecture(translationModels, name, config, { rng, operation: 'buildTranslationModel' });
}
