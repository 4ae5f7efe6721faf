// Language models by name of their architecture, built from plain JSON.
import type { Rng } from '@d2lts/core';
import { RNNModelScratch, gruScratch, lstmScratch, rnnScratch } from '../scratch/index.ts';
import type { LanguageModel } from './languageModel.ts';
import { type RNNModelConfig, RNNModel } from './rnnModel.ts';

/** `rnn`: an `RNNModel`; `scratch`: the book's cells written out by hand, one layer over one-hot tokens. */
export type LanguageModelArchitecture = 'rnn' | 'scratch';

/** Names that `buildLanguageModel` knows. */
export const languageModelArchitectures: readonly LanguageModelArchitecture[] = ['rnn', 'scratch'];

/** Builds an untrained model; `scratch` reads only sizes and cell. */
export function buildLanguageModel(
  architecture: LanguageModelArchitecture,
  config: RNNModelConfig,
  { rng }: { rng: Rng },
): LanguageModel {
  if (architecture === 'rnn') return new RNNModel(config, { rng });
  const { vocabSize, hiddenSize, cell = 'rnn' } = config;
  const scratch = { rnn: rnnScratch, gru: gruScratch, lstm: lstmScratch }[cell];
  return new RNNModelScratch(vocabSize, hiddenSize, scratch, { rng });
}
