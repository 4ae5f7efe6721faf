// Text classifiers without pretraining: TextCNN, the bidirectional LSTM, decomposable attention.
export { BiRNN, type BiRnnConfig } from './birnn.ts';
export {
  Aggregate,
  Attend,
  Compare,
  DecomposableAttention,
  type DecomposableAttentionConfig,
  type PairLengths,
} from './decomposableAttention.ts';
export { TextCNN, type TextCnnConfig } from './textCnn.ts';
