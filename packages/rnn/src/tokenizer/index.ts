// Subword tokenizers: training byte-level BPE, reading any tokenizer.json.
export { SubwordTokenizer } from './subwordTokenizer.ts';
export { checkTokenizerJson, type AddedTokenJson, type TokenizerJson } from './tokenizerJson.ts';
export { trainBpe, translationSpecialTokens, type TrainBpeOptions } from './trainBpe.ts';
export { charTokenizer, wordTokenizer } from './wordLevel.ts';
