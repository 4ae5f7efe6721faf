// Text: cleaning, tokens, vocabularies, corpora, translation pairs.
export { loadCorpus, seqDataIterRandom, seqDataIterSequential } from './corpus.ts';
export type { Corpus, SequenceBatch, SequenceOptions } from './corpus.ts';
export { cleanLines, tokenize } from './tokenize.ts';
export { buildArrayNmt, preprocessNmt, tokenizeNmt, truncatePad } from './translation.ts';
export { countCorpus, Vocab, type VocabOptions } from './vocab.ts';
