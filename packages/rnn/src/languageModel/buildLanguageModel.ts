// Language models by name of their architecture, built from plain JSON.
import {
  type ArchitectureConfig,
  type Architectures,
  type Rng,
  architecture,
  buildArchitecture,
  field,
} from '@d2lts/core';
import { RNNModelScratch, gruScratch, lstmScratch, rnnScratch } from '../scratch/index.ts';
import type { LanguageModel } from './languageModel.ts';
import { type RNNModelConfig, RNNModel } from './rnnModel.ts';

/** Kinds of language models that model folders may name. */
export type LanguageModelArchitectures = Architectures<LanguageModel>;

const { flag, layers, oneOf, optional, share, size } = field;
const cell = optional(oneOf('rnn', 'gru', 'lstm'));

/** `rnn`: an `RNNModel`; `scratch`: the book's cells written out by hand, one layer over one-hot tokens. */
export const recurrentArchitectures: LanguageModelArchitectures = {
  rnn: architecture<RNNModelConfig, LanguageModel>(
    {
      vocabSize: size,
      hiddenSize: size,
      cell,
      numLayers: optional(layers),
      embedSize: optional(size),
      dropout: optional(share),
      tiedEmbeddings: optional(flag),
      bidirectional: optional(flag),
    },
    (config, options) => new RNNModel(config, options),
  ),
  scratch: architecture<Pick<RNNModelConfig, 'vocabSize' | 'hiddenSize' | 'cell'>, LanguageModel>(
    { vocabSize: size, hiddenSize: size, cell },
    (config, options) => {
      const made = { rnn: rnnScratch, gru: gruScratch, lstm: lstmScratch }[config.cell ?? 'rnn'];
      return new RNNModelScratch(config.vocabSize, config.hiddenSize, made, options);
    },
  ),
};

/** Builds an untrained model. @throws ConfigError for an unknown architecture */
export function buildLanguageModel(
  name: string,
  config: ArchitectureConfig,
  { rng, architectures = recurrentArchitectures }: { rng: Rng; architectures?: LanguageModelArchitectures },
): LanguageModel {
  return buildArchitecture(architectures, name, config, { rng, operation: 'buildLanguageModel' });
}
