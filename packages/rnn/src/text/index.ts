// Text: cleaning, tokens, vocabularies, corpora, subsequences, translation pairs.
export { loadCorpus, type Corpus } from './corpus.ts';
export { SeqDataLoader, type SeqDataLoaderOptions } from './seqDataLoader.ts';
export { seqDataIterRandom, seqDataIterSequential, sequentialBatches } from './sequences.ts';
export type { SequenceBatch, SequenceOptions, SequenceSizes } from './sequences.ts';
export { TokenFile, encodeLines } from './tokenFile.ts';
export { tokenSource, type TokenSource } from './tokenSource.ts';
export { loadCorpusTimeMachine, loadDataTimeMachine, readTimeMachine } from './timeMachine.ts';
export { cleanLines, tokenize } from './tokenize.ts';
export { buildArrayNmt, preprocessNmt, tokenizeNmt, truncatePad } from './translation.ts';
export { countCorpus, countStream, Vocab, type VocabOptions } from './vocab.ts';
