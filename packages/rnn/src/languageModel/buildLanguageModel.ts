// Language models by name of their architecture, built from plain JSON.
import { type Rng, ConfigError, adviseName } from '@d2lts/core';
import { RNNModelScratch, gruScratch, lstmScratch, rnnScratch } from '../scratch/index.ts';
import type { LanguageModel } from './languageModel.ts';
import { type RNNModelConfig, RNNModel } from './rnnModel.ts';

/** An architecture's own configuration; plain JSON. */
export type ArchitectureConfig = Readonly<Record<string, unknown>>;

/** A kind of language model that model folders may name. */
export interface LanguageModelArchitecture {
  /** Fields of the configuration, and whether each holds what it must. */
  fields(config: ArchitectureConfig): [name: string, holds: boolean][];
  /** Builds an untrained model of a configuration whose fields hold. */
  build(config: ArchitectureConfig, options: { rng: Rng }): LanguageModel;
}

/** Architectures by name. */
export type LanguageModelArchitectures = Readonly<Record<string, LanguageModelArchitecture>>;

/** A hostile file must not ask for more memory than a model can need. */
const maxSize = 2 ** 20;

/** Tests for fields of an `ArchitectureConfig`. */
export const fieldTests = {
  size: (x: unknown): boolean => Number.isInteger(x) && (x as number) > 0 && (x as number) <= maxSize,
  layers: (x: unknown): boolean => Number.isInteger(x) && (x as number) > 0 && (x as number) <= 64,
  share: (x: unknown): boolean => typeof x === 'number' && x >= 0 && x <= 1,
  flag: (x: unknown): boolean => typeof x === 'boolean',
  oneOf:
    (...values: string[]) =>
    (x: unknown): boolean =>
      values.includes(x as string),
  optional: (x: unknown, test: (x: unknown) => boolean): boolean => x === undefined || test(x),
};

function recurrentFields(config: ArchitectureConfig): [string, boolean][] {
  const { size, layers, share, flag, oneOf, optional } = fieldTests;
  return [
    ['hiddenSize', size(config.hiddenSize)],
    ['embedSize', optional(config.embedSize, size)],
    ['numLayers', optional(config.numLayers, layers)],
    ['cell', optional(config.cell, oneOf('rnn', 'gru', 'lstm'))],
    ['dropout', optional(config.dropout, share)],
    ['tiedEmbeddings', optional(config.tiedEmbeddings, flag)],
    ['bidirectional', optional(config.bidirectional, flag)],
  ];
}

/** `rnn`: an `RNNModel`; `scratch`: the book's cells written out by hand, one layer over one-hot tokens. */
export const recurrentArchitectures: LanguageModelArchitectures = {
  rnn: {
    fields: recurrentFields,
    build: (config, options) => new RNNModel(config as unknown as RNNModelConfig, options),
  },
  scratch: {
    fields: recurrentFields,
    build: (config, options) => {
      const { vocabSize, hiddenSize, cell = 'rnn' } = config as unknown as RNNModelConfig;
      const scratch = { rnn: rnnScratch, gru: gruScratch, lstm: lstmScratch }[cell];
      return new RNNModelScratch(vocabSize, hiddenSize, scratch, options);
    },
  },
};

/** Builds an untrained model. @throws ConfigError for an unknown architecture */
export function buildLanguageModel(
  name: string,
  config: ArchitectureConfig,
  { rng, architectures = recurrentArchitectures }: { rng: Rng; architectures?: LanguageModelArchitectures },
): LanguageModel {
  const architecture = Object.hasOwn(architectures, name) ? architectures[name] : undefined;
  if (architecture !== undefined) return architecture.build(config, { rng });
  throw new ConfigError({
    operation: 'buildLanguageModel',
    fact: 'architecture must be a known one',
    value: name,
    advice: adviseName(name, Object.keys(architectures)),
    argument: 'architecture',
  });
}
