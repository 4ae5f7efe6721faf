// A SentencePiece model: its pieces with scores, and how it normalizes and segments.
// Format: sentencepiece_model.proto of github.com/google/sentencepiece.

import { SacreBleuError } from '../errors.ts';
import { floatOf, readFields } from './protobuf.ts';

/** Kinds of pieces, by their numbers in the file. */
export const PieceType = { Normal: 1, Unknown: 2, Control: 3, UserDefined: 4, Unused: 5, Byte: 6 } as const;

/** One entry of the vocabulary. */
export interface Piece {
  text: string;
  score: number;
  type: number;
}

/** What segmentation needs of a model file. */
export interface SpmModel {
  pieces: Piece[];
  algorithm: 'unigram' | 'bpe';
  byteFallback: boolean;
  whitespaceAsSuffix: boolean;
  /** The compiled normalization rules; empty for none. */
  charsMap: Uint8Array;
  addDummyPrefix: boolean;
  removeExtraWhitespaces: boolean;
  escapeWhitespaces: boolean;
}

const ALGORITHMS: Record<number, SpmModel['algorithm']> = { 1: 'unigram', 2: 'bpe' };

/**
 * Reads a `.model` file.
 *
 * @throws SacreBleuError `INVALID_MODEL` when the bytes are no SentencePiece model, or one of type
 * `word` or `char`
 */
export function readModel(file: Uint8Array): SpmModel {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  const model: SpmModel = {
    pieces: [],
    algorithm: 'unigram',
    byteFallback: false,
    whitespaceAsSuffix: false,
    charsMap: new Uint8Array(0),
    addDummyPrefix: true,
    removeExtraWhitespaces: true,
    escapeWhitespaces: true,
  };
  let algorithm = 1;
  for (const field of readFields(file)) {
    if (field.number === 1) {
      const piece: Piece = { text: '', score: 0, type: PieceType.Normal };
      for (const part of readFields(field.bytes)) {
        if (part.number === 1) piece.text = text.decode(part.bytes);
        else if (part.number === 2) piece.score = floatOf(part);
        else if (part.number === 3) piece.type = part.value;
      }
      model.pieces.push(piece);
    } else if (field.number === 2) {
      for (const part of readFields(field.bytes)) {
        if (part.number === 3) algorithm = part.value;
        else if (part.number === 24) model.whitespaceAsSuffix = part.value !== 0;
        else if (part.number === 35) model.byteFallback = part.value !== 0;
      }
    } else if (field.number === 3) {
      for (const part of readFields(field.bytes)) {
        if (part.number === 2) model.charsMap = part.bytes;
        else if (part.number === 3) model.addDummyPrefix = part.value !== 0;
        else if (part.number === 4) model.removeExtraWhitespaces = part.value !== 0;
        else if (part.number === 5) model.escapeWhitespaces = part.value !== 0;
      }
    }
  }
  const known = ALGORITHMS[algorithm];
  if (!known || model.pieces.length === 0) {
    const fact = known
      ? 'it has no pieces'
      : `only unigram and BPE models are supported, got type ${algorithm}`;
    throw new SacreBleuError(
      'INVALID_MODEL',
      `SentencePiece model: ${fact}; give the .model file of the tokenizer`,
      'model',
    );
  }
  return { ...model, algorithm: known };
}
