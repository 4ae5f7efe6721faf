// What all models of tokenizer.json files do: a piece of text to ids.
import { remembered } from '../remembered.ts';

/** Turns pieces into ids. */
export interface TokenModel {
  /** Appends the ids of one piece, which is not empty. @throws FormatError when the model has no unknown token and needs one */
  encode(piece: string, ids: number[]): void;
}

/** A model's `encode` that remembers what became of pieces. */
export function cached(encode: (piece: string) => readonly number[]): TokenModel['encode'] {
  const idsOf = remembered(encode);
  return (piece, ids) => {
    for (const id of idsOf(piece)) ids.push(id);
  };
}
