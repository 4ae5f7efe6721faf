export * from './segments.ts';
export * from './nextSentence.ts';
export * from './maskTokens.ts';
export * from './pretrainingBatch.ts';
