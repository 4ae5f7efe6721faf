// The book's recurrent networks written out by hand.
export { gru, gruScratch, type GruScratchOptions } from './gru.ts';
export { lstm, lstmScratch } from './lstm.ts';
export { rnn, rnnScratch } from './rnn.ts';
export { RNNModelScratch } from './rnnModelScratch.ts';
export type { Params, ScratchCell } from './scratchCell.ts';
export { predictCh8, trainCh8, trainEpochCh8 } from './trainCh8.ts';
export type { TrainCh8Options, TrainEpochCh8Options } from './trainCh8.ts';
