// Public API of @d2lts/attention.
export * from './kernelRegression/index.ts';
export * from './scoring/index.ts';
export * from './bahdanau/index.ts';
export { KeyValueCache } from './keyValueCache.ts';
export { MultiHeadAttention } from './multiHeadAttention.ts';
export type {
  AttendOptions,
  Attended,
  KeysAndValues,
  MultiHeadAttentionOptions,
  PreparedMemory,
} from './multiHeadAttention.ts';
export * from './positions/index.ts';
export * from './transformer/index.ts';
export { type AttentionMap, selfAttention, translationAttention } from './attentionMaps.ts';
export { buildTranslationModel, translationArchitectures } from './translation/architectures.ts';
export type { TranslateOptions } from './translation/translateOptions.ts';
export { Translator } from './translation/translator.ts';
export { forcedDecoding, type ForcedSequence } from './translation/forcedDecoding.ts';
export type {
  Alternative,
  ScoredTranslation,
  Translation,
  TranslationProgress,
} from './translation/translator.ts';
export { checkTranslatorConfig } from './translation/translatorConfig.ts';
export type { DecodingDefaults, TranslatorConfig } from './translation/translatorConfig.ts';
