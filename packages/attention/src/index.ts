// Public API of @d2lts/attention.
export * from './kernelRegression/index.ts';
export * from './scoring/index.ts';
export * from './bahdanau/index.ts';
export { MultiHeadAttention } from './multiHeadAttention.ts';
export type { AttendOptions, Attended, MultiHeadAttentionOptions } from './multiHeadAttention.ts';
export { PositionalEncoding, sinusoid, type PositionalEncodingOptions } from './positionalEncoding.ts';
export { DecoderBlock, EncoderBlock } from './transformer/blocks.ts';
export type { BlockCache, BlockOptions, MemoryOptions } from './transformer/blocks.ts';
export { Transformer, type TransformerConfig } from './transformer/transformer.ts';
export { TransformerSearch, type TransformerState } from './transformer/transformerSearch.ts';
export { buildTranslationModel, translationArchitectures } from './translation/architectures.ts';
export type { TranslateOptions } from './translation/translateOptions.ts';
export { Translator } from './translation/translator.ts';
export type { Alternative, Translation, TranslationProgress } from './translation/translator.ts';
export { checkTranslatorConfig } from './translation/translatorConfig.ts';
export type { DecodingDefaults, TranslatorConfig } from './translation/translatorConfig.ts';
