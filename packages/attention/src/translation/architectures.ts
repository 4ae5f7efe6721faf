// Translation models by name of their architecture, built from plain JSON.
import { type Rng, ConfigError, adviseName } from '@d2lts/core';
import { Seq2Seq, type Seq2SeqConfig, type TranslationModel } from '@d2lts/rnn';
import { Bahdanau, type BahdanauConfig } from '../bahdanau/index.ts';
import { Transformer, type TransformerConfig } from '../transformer/transformer.ts';

type Build = (config: never, options: { rng: Rng }) => TranslationModel;

const builders: Record<string, Build> = {
  transformer: (config: TransformerConfig, options) => new Transformer(config, options),
  seq2seq: (config: Seq2SeqConfig, options) => new Seq2Seq(config, options),
  bahdanau: (config: BahdanauConfig, options) => new Bahdanau(config, options),
};

/** Names that `buildTranslationModel` knows. */
export const translationArchitectures: readonly string[] = Object.keys(builders);

/** Builds an untrained model. @throws ConfigError for an unknown architecture */
export function buildTranslationModel(
  architecture: string,
  config: Readonly<Record<string, unknown>>,
  options: { rng: Rng },
): TranslationModel {
  const build = Object.hasOwn(builders, architecture) ? builders[architecture] : undefined;
  if (build !== undefined) return build(config as never, options);
  throw new ConfigError({
    operation: 'buildTranslationModel',
    fact: 'architecture must be a known one',
    value: architecture,
    advice: adviseName(architecture, translationArchitectures),
    argument: 'architecture',
  });
}
