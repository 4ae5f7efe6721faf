// All kinds of recipes, told apart by their key `task`.
import { z } from 'zod';
import { bookTranslationRecipe } from './bookTranslation.ts';
import { languageModelRecipe } from './languageModel.ts';
import { translationRecipe } from './translation.ts';

/** Every kind of recipe by its task. */
export const recipeKinds = {
  translation: translationRecipe,
  'language-model': languageModelRecipe,
  'book-translation': bookTranslationRecipe,
} as const;

/** Any recipe. */
export const recipeSchema = z.discriminatedUnion('task', [
  translationRecipe,
  languageModelRecipe,
  bookTranslationRecipe,
]);

/** A recipe with its defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;
