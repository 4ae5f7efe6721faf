// Public API of @d2lts/cli: what the d2l command is made of, for programs that train and score as it does.
export { defaultModel } from './defaultModel.ts';
export { createProgram, run } from './program.ts';
export { parseRecipe, readRecipe, type ReadRecipe } from './recipe/readRecipe.ts';
export { recipeSchema, type Recipe } from './recipe/schema.ts';
export {
  evaluateTranslator,
  scoreCorpus,
  type CorpusScores,
  type SignedScore,
} from './train/evaluateTranslator.ts';
export { trainTranslation, type TrainOptions } from './train/trainTranslation.ts';
