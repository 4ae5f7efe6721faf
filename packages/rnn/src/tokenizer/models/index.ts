// The models of tokenizer.json files by type.
import type { TokenizerJson } from '../tokenizerJson.ts';
import { BpeModel, type BpeJson } from './bpe.ts';
import type { TokenModel } from './model.ts';
import { modelType } from './modelType.ts';
import { UnigramModel, type UnigramJson } from './unigram.ts';
import { WordLevelModel, type WordLevelJson } from './wordLevel.ts';
import { WordPieceModel, type WordPieceJson } from './wordPiece.ts';

/** Builds the model of a checked file. */
export function buildModel({ model }: TokenizerJson, vocab: ReadonlyMap<string, number>): TokenModel {
  switch (modelType(model)) {
    case 'BPE':
      return new BpeModel(model as unknown as BpeJson, vocab);
    case 'WordPiece':
      return new WordPieceModel(model as WordPieceJson, vocab);
    case 'WordLevel':
      return new WordLevelModel(model as WordLevelJson, vocab);
    case 'Unigram':
      return new UnigramModel(model as unknown as UnigramJson, vocab);
  }
}

/** Ids by token. */
export function vocabulary({ vocab }: TokenizerJson['model']): Map<string, number> {
  return Array.isArray(vocab) ? new Map(vocab.map(([piece], id) => [piece, id])) : new Map(Object.entries(vocab));
}

export type { TokenModel } from './model.ts';
