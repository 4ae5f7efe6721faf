// Subword tokenizers: training byte-level BPE and WordPiece, reading any tokenizer.json.
export { SubwordTokenizer, type EncodeOptions } from './subwordTokenizer.ts';
export { checkTokenizerJson, type AddedTokenJson, type TokenizerJson } from './tokenizerJson.ts';
export { trainBpe, translationSpecialTokens, type TrainBpeOptions } from './trainBpe.ts';
export { charTokenizer, wordTokenizer } from './wordLevel.ts';
export { bertSpecialTokens, trainWordPiece, type TrainWordPieceOptions } from './trainWordPiece.ts';
