// Translation: pairs, batches, the model interface, the loss.
export { collatePairs, encodePairs, type EncodedPair } from './batches.ts';
export { translationLoss, type TranslationLossOptions } from './loss.ts';
export type { SpecialIds, TranslationBatch, TranslationModel } from './model.ts';
