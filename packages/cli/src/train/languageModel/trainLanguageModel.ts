// Trains a language model from a recipe and exports it as a model folder.
import { join } from 'node:path';
import { languageModelArchitectures } from '@d2lts/attention';
import {
  type FitResult,
  type RunFolder,
  PlotCurves,
  Rng,
  Trainer,
  constant,
  initialize,
  normal,
} from '@d2lts/core';
import {
  type LanguageModel,
  type TextGeneratorConfig,
  type TextScore,
  SeqDataLoader,
  TruncatedBptt,
  buildLanguageModel,
  scoreText,
} from '@d2lts/rnn';
import type { LanguageModelRecipe } from '../../recipe/languageModel.ts';
import { chooseWeights } from '../chooseWeights.ts';
import { CheckpointModels } from '../checkpointModels.ts';
import { buildOptimizer, buildScheduler } from '../optimization.ts';
import { type TrainOptions, earlyStopping, openRun, trainerBasics } from '../trainOptions.ts';
import { type LanguageData, loadLanguageData } from './data.ts';
import { architectureTitle } from './card.ts';
import { TrainingPerplexity } from './trainingPerplexity.ts';
import { folderConfig, writeLanguageModel } from './write.ts';

/** Rows that are read side by side during training's evaluations: fast, and hardly less exact. */
const validationRows = 32;

/** A language model at the end of its training. */
export interface FittedLanguageModel {
  model: LanguageModel;
  config: TextGeneratorConfig;
  data: LanguageData;
  runFolder: RunFolder;
  result: FitResult;
  /** Over the last pass. */
  trainingPerplexity: number;
}

/** Trains, chooses the weights, scores the held-out text, writes the model folder. Returns its path. */
export async function trainLanguageModel(options: TrainOptions<LanguageModelRecipe>): Promise<string> {
  const { training } = options.recipe;
  const fitted = await fitLanguageModel(options);
  const { model, runFolder, result } = fitted;
  options.say(`trained ${result.step} steps in ${Math.round(result.elapsed)} s (${result.reason})`);

  const weights = await chooseWeights(model, runFolder, training);
  const path = join(options.out, 'model');
  await writeLanguageModel(path, { ...fitted, options, weights });
  return path;
}

/** Trains only: the run folder then holds the log and checkpoints, each a model folder too. */
export async function fitLanguageModel(
  options: TrainOptions<LanguageModelRecipe>,
): Promise<FittedLanguageModel> {
  const { recipe, say } = options;
  const { training } = recipe;
  const data = await loadLanguageData(recipe);
  say(
    `data: ${data.name}, ${data.train.length} training tokens, ${data.heldOut.length} held out, ` +
      `vocabulary ${data.tokenizer.vocabSize}`,
  );

  const rng = new Rng(training.seed);
  const config = folderConfig(recipe, modelConfig(recipe, data.tokenizer.vocabSize), data);
  const { architecture } = recipe.model;
  const model = buildLanguageModel(architecture, config.model, {
    rng: rng.split(),
    architectures: languageModelArchitectures,
  });
  if ('init' in recipe.model && recipe.model.init === 'book') initializeAsBook(model, rng.split());
  say(`model: ${architectureTitle(recipe.model)}, ${model.parameterCount().toLocaleString('en')} parameters`);

  const optimizer = buildOptimizer(model, training);
  const loader = new SeqDataLoader(data.train, {
    batchSize: training.batchSize,
    numSteps: training.numSteps,
    sampling: training.sampling,
    rng: rng.split(),
  });
  const bptt = new TruncatedBptt(model);
  const trained = new TrainingPerplexity();
  const runFolder = await openRun(options);
  const trainer = new Trainer({
    model,
    optimizer,
    loader,
    scheduler: buildScheduler(optimizer, training),
    loss: (batch) => bptt.loss(batch),
    weight: (batch) => batch.x.length,
    ...trainerBasics(options, { data: data.fingerprint, tokenizer: data.tokenizer.toJSON() }),
    ...(data.heldOut.length > 1 ? { evaluate: () => validate(model, data) } : {}),
    runFolder,
    callbacks: [
      new CheckpointModels(config, data.tokenizer.toJSON()),
      bptt,
      trained,
      new PlotCurves(options.out),
      ...(options.callbacks ?? []),
      ...earlyStopping(training),
    ],
  });
  const result = await trainer.fit({ resume: options.resume });
  return { model, config, data, runFolder, result, trainingPerplexity: trained.perplexity };
}

/** The model's part of config.json. A Transformer's window is the length of the rows that it trains on. */
function modelConfig(
  { model, training }: LanguageModelRecipe,
  vocabSize: number,
): TextGeneratorConfig['model'] {
  if (model.architecture === 'scratch') return { vocabSize, cell: model.cell, hiddenSize: model.hiddenSize };
  if (model.architecture === 'transformer') {
    const { architecture: _, ...sizes } = model;
    return { vocabSize, ...sizes, maxLen: training.numSteps };
  }
  const { init: _, architecture: __, embedSize, ...sizes } = model;
  return { vocabSize, ...sizes, ...(embedSize === undefined ? {} : { embedSize }) };
}

/** The book's initial values of its cells from scratch: weights normal with deviation 0.01, biases zero. */
function initializeAsBook(model: LanguageModel, rng: Rng): void {
  for (const [name, parameter] of model.namedParameters())
    initialize(parameter, name.includes('bias') ? constant(0) : normal(0, 0.01), rng);
}

/** Nats a token, perplexity, and bits a character on the held-out text. */
async function validate(
  model: LanguageModel,
  { heldOut, heldOutCharacters }: LanguageData,
): Promise<Record<string, number>> {
  const batchSize = Math.max(1, Math.min(validationRows, Math.floor(heldOut.length / 16)));
  const score: TextScore = await scoreText(model, heldOut, { batchSize, numSteps: 128 });
  const { nats, perplexity, bits } = score;
  return { loss: nats, perplexity, bitsPerCharacter: (bits * heldOut.length) / heldOutCharacters };
}
