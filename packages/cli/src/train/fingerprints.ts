// What a run depends on: the parts of its recipe that may not change, its data and its tokenizer.
import { type Fingerprint, type Fingerprints, fingerprint, orderedJson } from '@d2lts/core';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';

/** What a recipe's data became. */
export interface RunSources {
  /** Of the data as they were read. */
  data: Fingerprint;
  /** tokenizer.json. */
  tokenizer: object;
  overfitBatches?: number | undefined;
}

/** Keys that a resumed run may change: where the data are (their hash tells what they are), and when to stop or save. */
const free = new Set<string>([
  ...(['set', 'file', 'folder', 'licence', 'fallback'] satisfies DataKey[]),
  ...(['epochs', 'maxSteps', 'maxTime', 'evaluateEvery', 'saveEvery'] satisfies TrainingKey[]),
  ...(['keepLast', 'average', 'keepBest', 'patience'] satisfies TrainingKey[]),
]);

type Recipe = TranslationRecipe | LanguageModelRecipe;
type DataKey = keyof TranslationRecipe['data'] | keyof LanguageModelRecipe['data'];
type TrainingKey = keyof Recipe['training'];

/** One hash a part of the recipe, then the data's and the tokenizer's. */
export function runFingerprints(
  recipe: Recipe,
  { data, tokenizer, overfitBatches }: RunSources,
): Fingerprints {
  const training = { ...recipe.training, overfitBatches };
  const parts = { data: recipe.data, tokenizer: recipe.tokenizer, model: recipe.model, training };
  const fixed = Object.entries(parts).map(([name, part]) => {
    const kept = Object.fromEntries(Object.entries(part).filter(([key]) => !free.has(key)));
    return [`recipe.${name}`, fingerprint('recipe.yaml', orderedJson(kept))] as const;
  });
  return {
    ...Object.fromEntries(fixed),
    data,
    tokenizer: fingerprint('tokenizer.json', orderedJson(tokenizer)),
  };
}
