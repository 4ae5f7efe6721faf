// Recurrent language models: the model, training over carried state, scores, search.
export {
  isRecurrent,
  type LanguageModel,
  type LanguageModelState,
  type RecurrentLanguageModel,
  type WindowLanguageModel,
} from './languageModel.ts';
export { LanguageModelSearch } from './languageModelSearch.ts';
export { RNNModel, type RNNModelConfig } from './rnnModel.ts';
export { scoreText, type ScoreTextOptions } from './scoreText.ts';
export { TruncatedBptt, sequenceTensors } from './truncatedBptt.ts';
export {
  TextGenerator,
  type GenerateOptions,
  type GeneratedText,
  type GeneratedToken,
  type GeneratorScore,
} from './textGenerator.ts';
export {
  checkTextGeneratorConfig,
  type GenerationDefaults,
  type TextGeneratorConfig,
} from './textGeneratorConfig.ts';
export { TokenText } from './tokenText.ts';
export { loadTokenModel, type TokenModel } from './tokenModel.ts';
export {
  buildLanguageModel,
  recurrentArchitectures,
  type LanguageModelArchitectures,
} from './buildLanguageModel.ts';
