// Recurrent encoder-decoders with attention.
export { Bahdanau, type BahdanauConfig } from './bahdanau.ts';
export { BahdanauSearch, type BahdanauState } from './bahdanauSearch.ts';
export {
  Seq2SeqAttentionDecoder,
  type AttentionDecoderOptions,
  type AttentionDecoderState,
  type AttentionMemory,
  type ScoreFunction,
} from './decoder.ts';
export { AttentionEncoder, type AttentionEncoderOptions, type Encoded } from './encoder.ts';
export type { LayerStates } from './stepLayers.ts';
