// How a model came to be: what every metrics.json says.
import type { FitResult, Module } from '@d2lts/core';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import type { TrainOptions } from './trainOptions.ts';

/** The part of metrics.json that does not depend on the task. */
export interface RunMetrics {
  training: {
    steps: number;
    epochs: number;
    seconds: number;
    seed: number;
    backend: { name: string; threads: number };
    /** Which checkpoint the weights are. */
    weights: string;
    reason: string;
  };
  parameters: number;
  dtype: string;
  date: string;
}

/** The record of a finished run. */
export function runMetrics(
  model: Module,
  { step, epoch, elapsed, reason }: FitResult,
  { recipe, backend }: TrainOptions<TranslationRecipe | LanguageModelRecipe>,
  weights: string,
): RunMetrics {
  const seconds = Math.round(elapsed);
  const { seed } = recipe.training;
  return {
    training: { steps: step, epochs: epoch, seconds, seed, backend, weights, reason },
    parameters: model.parameterCount(),
    dtype: recipe.output.dtype,
    date: new Date().toISOString().slice(0, 10),
  };
}
