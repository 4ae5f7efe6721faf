// Word vectors: word2vec, GloVe, fastText's subwords, byte pairs, similarity and analogy.
export { AliasSampler } from './aliasSampler.ts';
export { mergePair, mostFrequentPair, segmentWord, type SymbolWord } from './bytePairs.ts';
export { Glove, cooccurrences, gloveLoss, type Cooccurrence, type GloveLossOptions } from './glove.ts';
export { parseWordVectors } from './parseWordVectors.ts';
export { SkipGram, skipGramLoss } from './skipGram.ts';
export {
  negativeSamples,
  skipGramBatch,
  skipGramExamples,
  type SkipGramBatch,
  type SkipGramExample,
} from './skipGramData.ts';
export { subsample, type Subsampled, type SubsampleOptions } from './subsample.ts';
export {
  SubwordEmbedding,
  characterNgrams,
  fastTextHash,
  type NgramRange,
  type SubwordEmbeddingOptions,
} from './subwords.ts';
export { TokenEmbedding, type Neighbour } from './tokenEmbedding.ts';
