// What the command line adds to a recipe, and how a recipe's limits become the trainer's.
import { type Callback, type Monitor, type TrainerOptions, EarlyStopping, RunFolder } from '@d2lts/core';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { Recipe } from '../recipe/schema.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import { type RunSources, runFingerprints } from './fingerprints.ts';

/** What the command line adds to a recipe. */
export interface TrainOptions<R extends Recipe = Recipe> {
  recipe: R;
  /** The recipe's text, kept in the run folder. */
  recipeText: string;
  /** The run folder. */
  out: string;
  resume: boolean;
  overfitBatches?: number;
  /** For the record in metrics.json. */
  backend: { name: string; threads: number };
  say: (line: string) => void;
  callbacks?: readonly Callback[];
}

type Training = (TranslationRecipe | LanguageModelRecipe)['training'];

/** The run folder: new with the recipe in it, or that of the run to go on with. */
export async function openRun({ resume, out, recipeText }: TrainOptions): Promise<RunFolder> {
  return resume
    ? await RunFolder.open(out)
    : await RunFolder.create(out, { recipe: recipeText, recipeName: 'recipe.yaml' });
}

const limits = [
  'epochs',
  'maxSteps',
  'maxTime',
  'clipNorm',
  'accumulate',
  'evaluateEvery',
  'saveEvery',
] as const;

/** What every recipe gives its trainer: ends, clipping, accumulation, intervals, and what may not change on resuming. */
export function trainerBasics(
  { recipe, overfitBatches, say }: TrainOptions<TranslationRecipe | LanguageModelRecipe>,
  sources: Omit<RunSources, 'overfitBatches'>,
): Partial<Record<(typeof limits)[number] | 'overfitBatches', number>> & TrainerBasics {
  const { training } = recipe;
  const given = limits.filter((name) => training[name] !== undefined).map((name) => [name, training[name]]);
  return {
    ...Object.fromEntries(given),
    ...(overfitBatches === undefined ? {} : { overfitBatches }),
    keepLast: Math.max(training.keepLast, training.average),
    fingerprints: runFingerprints(recipe, { ...sources, overfitBatches }),
    warn: say,
  };
}

type TrainerBasics = Required<Pick<TrainerOptions<unknown>, 'keepLast' | 'fingerprints' | 'warn'>>;

/** Early stopping, when the recipe asks for it; by default on the loss. */
export function earlyStopping({ patience }: Training, monitor: Partial<Monitor> = {}): Callback[] {
  return patience === undefined ? [] : [new EarlyStopping({ patience, ...monitor })];
}
