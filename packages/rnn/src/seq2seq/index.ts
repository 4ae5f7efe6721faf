// Sequence to sequence learning with GRUs.
export { Seq2Seq, Seq2SeqDecoder, Seq2SeqEncoder, type Seq2SeqConfig } from './seq2seq.ts';
export { Seq2SeqSearch, type Seq2SeqState } from './seq2seqSearch.ts';
export { maskedSoftmaxCELoss, sequenceMask, stepMask } from './sequenceMask.ts';
