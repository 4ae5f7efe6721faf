// The normalizers of tokenizer.json files: text to text before it is cut.
import { FormatError } from '@d2lts/core';
import { isWhiteSpace } from '../../text/characters.ts';
import { toByteCharacters } from '../bytes.ts';
import { readCharsMap } from './charsMap.ts';
import type { Part, Piece } from './piece.ts';
import { readPattern } from './regex.ts';

/** Changes a piece's text in place. */
export type Normalizer = (piece: Piece) => void;

const operation = 'SubwordTokenizer.fromJSON';

/** The normalizer of a file, or undefined for none. @throws FormatError for one that is not known */
export function readNormalizer(value: unknown): Normalizer | undefined {
  if (value === null || value === undefined) return undefined;
  const part = value as Part;
  const known = kinds[part.type];
  if (known !== undefined) return known(part);
  throw new FormatError({
    operation,
    fact: `the normalizer must be one of ${Object.keys(kinds).join(', ')}`,
    value: part.type,
  });
}

const map = (f: (text: string) => string): Normalizer => {
  return (piece) => {
    piece.text = f(piece.text);
  };
};

/** Leaves out the characters that match; a text whose beginning goes does not begin where the original does. */
function remove(characters: RegExp): Normalizer {
  const single = new RegExp(`^${characters.source}`, 'u');
  return (piece) => {
    if (piece.atStart && single.test(piece.text)) piece.atStart = false;
    piece.text = piece.text.replace(characters, '');
  };
}

const kinds: Record<string, (part: Part) => Normalizer> = {
  NFC: () => map((text) => text.normalize('NFC')),
  NFD: () => map((text) => text.normalize('NFD')),
  NFKC: () => map((text) => text.normalize('NFKC')),
  NFKD: () => map((text) => text.normalize('NFKD')),
  Lowercase: () => map(lowerCase),
  StripAccents: () => remove(/\p{M}/gu),
  Nmt: () => sequence([remove(nmtControls), map((text) => text.replace(nmtSpaces, ' '))]),
  Prepend: ({ prepend }) => map((text) => (text === '' ? '' : `${String(prepend)}${text}`)),
  ByteLevel: () => map(toByteCharacters),
  Precompiled: (part) => map(readCharsMap(operation, part.precompiled_charsmap)),
  Strip: ({ strip_left: left, strip_right: right }) => strip(left !== false, right !== false),
  Replace: (part) => replace(readPattern(operation, part.pattern), String(part.content)),
  BertNormalizer: bert,
  Sequence: ({ normalizers }) =>
    sequence(asList(normalizers).map((part) => readNormalizer(part) ?? (() => undefined))),
};

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new FormatError({ operation, fact: 'normalizers must be a list', value });
}

function sequence(parts: readonly Normalizer[]): Normalizer {
  return (piece) => {
    for (const part of parts) part(piece);
  };
}

/** Each character alone: a sigma at the end of a word is none of its own. */
function lowerCase(text: string): string {
  if (!text.includes('Σ')) return text.toLowerCase();
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

function strip(left: boolean, right: boolean): Normalizer {
  return (piece) => {
    if (left && isWhiteSpace(piece.text.slice(0, 1))) {
      piece.atStart = false;
      piece.text = piece.text.replace(/^\p{White_Space}+/u, '');
    }
    if (right) piece.text = piece.text.replace(/\p{White_Space}+$/u, '');
  };
}

function replace(pattern: RegExp, content: string): Normalizer {
  const anywhere = new RegExp(pattern.source, 'u');
  return (piece) => {
    const first = anywhere.exec(piece.text);
    if (first === null) return;
    if (first.index === 0 && first[0] !== '' && (content === '' || Array.from(first[0]).length > 1))
      piece.atStart = false;
    piece.text = piece.text.replace(pattern, () => content);
  };
}

// SentencePiece's "nmt" rules.
const nmtControls = new RegExp(String.raw`[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]`, 'gu');
const nmtSpaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu;

const bertControls = new RegExp(String.raw`(?![\t\n\r])[\u0000\ufffd\p{Cc}\p{Cf}\p{Co}]`, 'gu');
const chinese = new RegExp(
  String.raw`[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]`,
  'gu',
);

/** BERT's: control characters go, white space becomes spaces, Chinese characters stand alone, accents and case go. */
function bert(part: Part): Normalizer {
  const { clean_text: clean = true, handle_chinese_chars: handleChinese = true, lowercase = true } = part;
  const accents = (part.strip_accents ?? lowercase) as boolean;
  const steps: Normalizer[] = [];
  if (clean)
    steps.push(
      remove(bertControls),
      map((text) => text.replace(/\p{White_Space}/gu, ' ')),
    );
  if (handleChinese) steps.push(map((text) => text.replace(chinese, ' $& ')));
  if (accents)
    steps.push(
      map((text) => text.normalize('NFD')),
      remove(/\p{Mn}/gu),
    );
  if (lowercase) steps.push(map(lowerCase));
  return sequence(steps);
}
