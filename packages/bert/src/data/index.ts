// BERT's pretraining data: corpora, packing, pairs, masks, batches.
export * from './segments.ts';
export * from './nextSentence.ts';
export * from './maskTokens.ts';
export * from './pretrainingBatch.ts';
export * from './sentenceCorpus.ts';
export * from './packSentences.ts';
export * from './pretrainingDataset.ts';
