// Public API of @d2lts/cli: what the d2l command is made of, for programs that train and score as it does.
export { defaultModel, shippedModel } from './defaultModel.ts';
export { createProgram, run } from './program.ts';
export { parseRecipe, readRecipe, type ReadRecipe } from './recipe/readRecipe.ts';
export type { LanguageModelRecipe } from './recipe/languageModel.ts';
export { recipeSchema, type Recipe } from './recipe/schema.ts';
export type { TranslationRecipe } from './recipe/translation.ts';
export { evaluateTranslator, type CorpusScores } from './train/evaluateTranslator.ts';
export { scoreCorpus, type SignedScore, type TranslationScores } from './train/scoreCorpus.ts';
export {
  fitLanguageModel,
  trainLanguageModel,
  type FittedLanguageModel,
} from './train/languageModel/trainLanguageModel.ts';
export { trainingBleu } from './train/trainingBleu.ts';
export type { TrainOptions } from './train/trainOptions.ts';
export { fitTranslation, trainTranslation, type FittedTranslation } from './train/trainTranslation.ts';
