// Public API of @d2lts/rnn.
export * from './text/index.ts';
export * from './tokenizer/index.ts';
export { bookBleu } from './metrics/bookBleu.ts';
export { textScore, type TextScore } from './metrics/textScore.ts';
export * from './search/index.ts';
export * from './translation/index.ts';
export * from './seq2seq/index.ts';
export * from './ngram/index.ts';
export * from './languageModel/index.ts';
export * from './scratch/index.ts';
export * from './sequence/index.ts';
