// Translation: pairs, batches, the model interface, the loss.
export { batchTensors, collatePairs, encodePairs, type EncodedPair, type PairBatch } from './batches.ts';
export { translationLoss, type TranslationLossOptions } from './loss.ts';
export type { SpecialIds, TranslationBatch, TranslationModel } from './model.ts';
export { loadDataNmt, nmtVocab, readDataNmt, type NmtData } from './nmt.ts';
