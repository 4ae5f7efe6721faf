// Trains a translation model from a recipe and exports it as a model folder.
import { join } from 'node:path';
import { Translator, type TranslatorConfig, buildTranslationModel } from '@d2lts/attention';
import {
  type FitResult,
  type Monitor,
  type RunFolder,
  ConfigError,
  DataLoader,
  Rng,
  Trainer,
  fromArray,
  saveModel,
} from '@d2lts/core';
import {
  type EncodedPair,
  type SpecialIds,
  type TranslationModel,
  SubwordTokenizer,
  TeacherForcing,
  batchTensors,
  collatePairs,
  encodePairs,
  trainBpe,
  translationLoss,
} from '@d2lts/rnn';
import type { TranslationRecipe } from '../recipe/translation.ts';
import { CheckpointModels } from './checkpointModels.ts';
import { evaluateTranslator } from './evaluateTranslator.ts';
import { chooseWeights } from './chooseWeights.ts';
import { type ModelMetrics, modelCard } from './modelCard.ts';
import { buildOptimizer, buildScheduler } from './optimization.ts';
import { runMetrics } from './runMetrics.ts';
import { type TrainOptions, earlyStopping, openRun, trainerBasics } from './trainOptions.ts';
import { type TranslationPairs, loadPairs, pairsFingerprint } from './translationPairs.ts';
import { type HeldOutPairs, validate } from './validate.ts';

const special: SpecialIds = { pad: 0, bos: 1, eos: 2 };

/** A translation model at the end of its training. */
export interface FittedTranslation {
  model: TranslationModel;
  config: TranslatorConfig;
  tokenizer: SubwordTokenizer;
  data: TranslationPairs;
  heldOut: HeldOutPairs;
  runFolder: RunFolder;
  result: FitResult;
}

/** Trains, averages the last checkpoints, scores the test split, writes the model folder. Returns its path. */
export async function trainTranslation(options: TrainOptions<TranslationRecipe>): Promise<string> {
  const { training, data } = options.recipe;
  if (data.file !== undefined && data.test === 0) {
    throw new ConfigError({
      operation: 'd2l train',
      fact: 'data.test must leave sentences to score',
      value: data.test,
      argument: 'data.test',
    });
  }
  const fitted = await fitTranslation(options);
  const { model, runFolder, result } = fitted;
  options.say(`trained ${result.step} steps in ${Math.round(result.elapsed)} s (${result.reason})`);
  const weights = await chooseWeights(model, runFolder, training);
  const path = join(options.out, 'model');
  await writeModel(path, fitted, options, weights);
  return path;
}

/** Trains only: the run folder then holds the log and checkpoints, each a model folder too. */
export async function fitTranslation(options: TrainOptions<TranslationRecipe>): Promise<FittedTranslation> {
  const { recipe, say } = options;
  const { training, data: wanted } = recipe;
  const data = await loadPairs(wanted);
  say(
    `data: ${data.name}, ${data.train.length} training pairs, ${data.valid.length} + ${data.test.length} held out`,
  );

  const json = trainBpe(
    data.train.flatMap(({ source, target }) => [source, target]),
    recipe.tokenizer,
  );
  const tokenizer = SubwordTokenizer.fromJSON(json);
  const train = encodePairs(data.train, tokenizer, special, { maxLen: wanted.maxLen });
  const validPairs = data.valid.map(({ source, references }) => ({ source, target: references[0]! }));
  const valid = encodePairs(validPairs, tokenizer, special, { maxLen: wanted.maxLen });

  const rng = new Rng(training.seed);
  const { architecture, ...sizes } = recipe.model;
  const config: TranslatorConfig = {
    format: 'd2lts-translation',
    version: 1,
    architecture,
    model: { ...sizes, vocabSize: tokenizer.vocabSize, padId: special.pad },
    special,
    languages: { source: data.source, target: data.target },
    decoding: recipe.decoding,
  };
  const model = buildTranslationModel(architecture, config.model, { rng: rng.split() });
  say(`model: ${architecture}, ${model.parameterCount().toLocaleString('en')} parameters`);

  const optimizer = buildOptimizer(model, training);
  const batching = {
    maxTokens: training.maxTokens,
    length: (pair: EncodedPair) => Math.max(pair.source.length, pair.target.length + 1),
    collate: (pairs: readonly EncodedPair[]) => collatePairs(pairs, special),
  };
  const loader = new DataLoader(fromArray(train), { ...batching, rng: rng.split() });
  const { teacherForcing } = training;
  const forcing = new TeacherForcing(model, { teacherForcing, rng: rng.split() });
  const runFolder = await openRun(options);
  const heldOut: HeldOutPairs = {
    loader: new DataLoader(fromArray(valid), batching),
    sentences: data.valid
      .filter(({ source }) => tokenizer.encode(source).length < wanted.maxLen)
      .slice(0, training.bleuSentences ?? 0),
  };
  const translator = Translator.from({ model, tokenizer, config });

  const trainer = new Trainer({
    model,
    optimizer,
    loader,
    scheduler: buildScheduler(optimizer, training),
    loss: (batch) => {
      const tensors = batchTensors(batch);
      const { labelSmoothing } = training;
      return translationLoss(forcing.logits(tensors), tensors, { pad: special.pad, labelSmoothing });
    },
    weight: (batch) => batch.labels.filter((label) => label !== special.pad).length,
    ...trainerBasics(options, { data: pairsFingerprint(data), tokenizer: json }),
    monitor: monitorOf(training),
    evaluate: () => validate(translator, heldOut),
    runFolder,
    callbacks: [
      new CheckpointModels(config, json),
      forcing,
      ...(options.callbacks ?? []),
      ...earlyStopping(training, monitorOf(training)),
    ],
  });
  const result = await trainer.fit({ resume: options.resume });
  return { model, config, tokenizer, data, heldOut, runFolder, result };
}

/** What decides which checkpoint is best: BLEU where it is measured, else the loss. */
function monitorOf({ bleuSentences }: TranslationRecipe['training']): Monitor {
  return bleuSentences === undefined ? { metric: 'loss', mode: 'min' } : { metric: 'bleu', mode: 'max' };
}

/** Scores the model as it will be stored, then stores it. */
async function writeModel(
  path: string,
  { config, model, tokenizer, result, data, heldOut }: FittedTranslation,
  options: TrainOptions<TranslationRecipe>,
  weights: string,
): Promise<void> {
  const { recipe } = options;
  const { dtype, name, scoreSentences } = recipe.output;
  await saveModel(path, { model, config, tokenizer: tokenizer.toJSON() }, { dtype });
  options.say('scoring the test split');
  const translator = await Translator.load(path);
  const scores = await evaluateTranslator(translator, data.test.slice(0, scoreSentences));
  const valid = await validate(translator, heldOut);
  translator.dispose();
  const metrics: ModelMetrics = {
    ...runMetrics(model, result, options, weights),
    data: {
      set: data.name,
      licence: data.licence,
      attribution: data.attribution ?? null,
      test: data.test.length,
    },
    scores,
    valid,
  };
  const readme = modelCard({ name, config, recipe, metrics });
  await saveModel(path, { config, metrics: metrics as never, readme });
  options.say(`${scores.bleu.score.toFixed(2)} ${scores.bleu.signature}`);
}
