// Sequence to sequence learning with GRUs.
export { Decoder, Encoder, EncoderDecoder } from './encoderDecoder.ts';
export { scheduledSampling, type ScheduledSamplingOptions } from './scheduledSampling.ts';
export { Seq2Seq, type Seq2SeqConfig } from './seq2seq.ts';
export { Seq2SeqDecoder, type Seq2SeqState } from './seq2seqDecoder.ts';
export { Seq2SeqEncoder, type Seq2SeqEncoded, type Seq2SeqHalfOptions } from './seq2seqEncoder.ts';
export { Seq2SeqSearch } from './seq2seqSearch.ts';
export { maskedSoftmaxCELoss, sequenceMask, stepMask } from './sequenceMask.ts';
export { TeacherForcing } from './teacherForcing.ts';
export { initSeq2Seq, predictSeq2Seq, trainSeq2Seq, type TrainSeq2SeqOptions } from './trainSeq2Seq.ts';
