// Public API of @d2lts/rnn.
export * from './text/index.ts';
export * from './tokenizer/index.ts';
export { bookBleu } from './metrics/bookBleu.ts';
export * from './search/index.ts';
export * from './translation/index.ts';
export * from './seq2seq/index.ts';
export * from './ngram/index.ts';
export { RNNModel, type RNNModelOptions, type RNNModelState } from './lm/rnnModel.ts';
