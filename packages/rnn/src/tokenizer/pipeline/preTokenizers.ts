// The pre-tokenizers of tokenizer.json files: pieces of text to smaller pieces.
import { FormatError } from '@d2lts/core';
import { wordCharacter } from '../../text/characters.ts';
import { toByteCharacters } from '../bytes.ts';
import { remembered } from '../remembered.ts';
import type { Part, Piece } from './piece.ts';
import { escapeText, readPattern } from './regex.ts';
import { readBehavior, splitPieces } from './splitting.ts';

/** Cuts pieces further. */
export type PreTokenizer = (pieces: Piece[]) => Piece[];

/** How GPT-2 cuts a text into words; a leading space belongs to its word. */
export const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

const operation = 'SubwordTokenizer.fromJSON';
const space = /\p{White_Space}/gu;
const punctuation = /[!-/:-@[-`{-~\p{P}]/gu;
const wordsOrSigns = new RegExp(String.raw`[${wordCharacter}]+|[^${wordCharacter}\p{White_Space}]+`, 'gu');

/** The pre-tokenizer of a file; without one the text stays whole. @throws FormatError for one that is not known */
export function readPreTokenizer(value: unknown): PreTokenizer {
  if (value === null || value === undefined) return (pieces) => pieces;
  const part = value as Part;
  const known = kinds[part.type];
  if (known !== undefined) return known(part);
  throw new FormatError({
    operation,
    fact: `the pre-tokenizer must be one of ${Object.keys(kinds).join(', ')}`,
    value: part.type,
  });
}

const kinds: Record<string, (part: Part) => PreTokenizer> = {
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  Whitespace: () => (pieces) => splitPieces(pieces, wordsOrSigns, 'Removed', true),
  WhitespaceSplit: () => (pieces) => splitPieces(pieces, space, 'Removed'),
  BertPreTokenizer: () => (pieces) =>
    splitPieces(splitPieces(pieces, space, 'Removed'), punctuation, 'Isolated'),
  Punctuation: ({ behavior = 'Isolated' }) => {
    const how = readBehavior(operation, behavior);
    return (pieces) => splitPieces(pieces, punctuation, how);
  },
  Digits: ({ individual_digits: single }) => {
    return (pieces) => splitPieces(pieces, /\p{N}/gu, single ? 'Isolated' : 'Contiguous');
  },
  Split: ({ pattern, behavior, invert }) => {
    const [regex, how] = [readPattern(operation, pattern), readBehavior(operation, behavior)];
    return (pieces) => splitPieces(pieces, regex, how, invert === true);
  },
  CharDelimiterSplit: ({ delimiter }) => {
    const regex = new RegExp(escapeText(String(delimiter)), 'gu');
    return (pieces) => splitPieces(pieces, regex, 'Removed');
  },
  FixedLength: ({ length = 5 }) => {
    if (!Number.isInteger(length) || (length as number) < 1)
      throw new FormatError({ operation, fact: 'length must be a positive integer', value: length });
    const regex = new RegExp(String.raw`[\s\S]{1,${String(length)}}`, 'gu');
    return (pieces) => splitPieces(pieces, regex, 'Isolated');
  },
  Sequence: ({ pretokenizers }) => {
    if (!Array.isArray(pretokenizers))
      throw new FormatError({ operation, fact: 'pretokenizers must be a list', value: pretokenizers });
    const parts = pretokenizers.map(readPreTokenizer);
    return (pieces) => parts.reduce((cut, part) => part(cut), pieces);
  },
};

/** `toByteCharacters`, remembered for words. */
const byteText = remembered(toByteCharacters);

function byteLevel({ add_prefix_space: prefix, use_regex: regex = true }: Part): PreTokenizer {
  return (pieces) => {
    for (const piece of pieces)
      if (piece.id === undefined && prefix && !piece.text.startsWith(' ')) piece.text = ` ${piece.text}`;
    const cut = regex ? splitPieces(pieces, byteLevelWords, 'Isolated') : pieces;
    for (const piece of cut) if (piece.id === undefined) piece.text = byteText(piece.text);
    return cut;
  };
}

function metaspace(part: Part): PreTokenizer {
  const { replacement = '▁', add_prefix_space: older, split = true } = part;
  const scheme = older === false ? 'never' : (part.prepend_scheme ?? 'always');
  if (typeof replacement !== 'string' || Array.from(replacement).length !== 1)
    throw new FormatError({ operation, fact: 'replacement must be one character', value: replacement });
  const cut = new RegExp(escapeText(replacement), 'gu');
  return (pieces) => {
    for (const piece of pieces) {
      if (piece.id !== undefined) continue;
      piece.text = piece.text.replaceAll(' ', replacement);
      const wanted = scheme === 'always' || (scheme === 'first' && piece.atStart);
      if (wanted && !piece.text.startsWith(replacement)) piece.text = replacement + piece.text;
    }
    return split === false ? pieces : splitPieces(pieces, cut, 'MergedWithNext');
  };
}
