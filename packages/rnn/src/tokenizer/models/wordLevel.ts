// Word level: a piece is in the vocabulary or unknown.
import type { TokenModel } from './model.ts';
import { unknownId } from './unknown.ts';

/** The model part of a tokenizer.json. */
export interface WordLevelJson {
  unk_token?: string;
}

/** Whole pieces by name. */
export class WordLevelModel implements TokenModel {
  readonly encode: TokenModel['encode'];

  constructor({ unk_token: unknown = '<unk>' }: WordLevelJson, vocab: ReadonlyMap<string, number>) {
    this.encode = (piece, ids) => void ids.push(vocab.get(piece) ?? unknownId(vocab, unknown));
  }
}
