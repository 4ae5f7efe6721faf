// What a finished run left: its recipe and its metrics.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, readJsonObject } from '@d2lts/core';
import { readRecipe } from '../recipe/readRecipe.ts';
import type { BookTranslationRecipe } from '../recipe/bookTranslation.ts';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import type { BookTranslationMetrics } from '../train/book/trainBookTranslation.ts';
import type { LanguageModelMetrics } from '../train/languageModel/card.ts';
import type { ModelMetrics } from '../train/modelCard.ts';

/** A run's recipe and outcome, by kind. */
export type RunResult =
  | { recipe: LanguageModelRecipe; metrics: LanguageModelMetrics }
  | { recipe: BookTranslationRecipe; metrics: BookTranslationMetrics }
  | { recipe: TranslationRecipe; metrics: ModelMetrics };

/** @throws DataError when the folder holds no finished run */
export async function readRunResult(run: string): Promise<RunResult> {
  const places = [join(run, 'model', 'metrics.json'), join(run, 'metrics.json')];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) {
    throw new DataError({
      operation: 'd2l results',
      fact: 'a run folder must hold the metrics of a finished run',
      value: run,
      advice: `finish it with d2l train --resume ${run}`,
      argument: 'runs',
    });
  }
  const { recipe } = await readRecipe(join(run, 'recipe.yaml'));
  return { recipe, metrics: (await readJsonObject(path)) as unknown } as RunResult;
}
