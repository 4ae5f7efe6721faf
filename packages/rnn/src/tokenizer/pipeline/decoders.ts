// The decoders of tokenizer.json files: tokens back to text.
import { FormatError } from '@d2lts/core';
import { byteCharacters } from '../bytes.ts';
import type { Part } from './piece.ts';
import { readPattern } from './regex.ts';

/** Changes the list of texts that are joined in the end. */
export type Decoder = (tokens: string[]) => string[];

const operation = 'SubwordTokenizer.fromJSON';
const encoder = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The decoder of a file; without one tokens are joined by spaces. @throws FormatError for one that is not known */
export function readDecoder(value: unknown): Decoder {
  if (value === null || value === undefined) return (tokens) => [tokens.join(' ')];
  const part = value as Part;
  const known = kinds[part.type];
  if (known !== undefined) return known(part);
  throw new FormatError({
    operation,
    fact: `the decoder must be one of ${Object.keys(kinds).join(', ')}`,
    value: part.type,
  });
}

const kinds: Record<string, (part: Part) => Decoder> = {
  BPEDecoder: ({ suffix = '</w>' }) => {
    return (tokens) =>
      tokens.map((token, i) => token.replaceAll(String(suffix), i === tokens.length - 1 ? '' : ' '));
  },
  ByteLevel: () => (tokens) => [lenient.decode(Uint8Array.from(tokens.flatMap(bytesOf)))],
  ByteFallback: () => byteFallback,
  Fuse: () => (tokens) => [tokens.join('')],
  Metaspace: metaspace,
  Replace: ({ pattern, content }) => {
    const regex = readPattern(operation, pattern);
    return (tokens) => tokens.map((token) => token.replace(regex, () => String(content)));
  },
  Strip: ({ content = ' ', start = 0, stop = 0 }) => {
    return (tokens) => tokens.map((token) => strip(token, String(content), Number(start), Number(stop)));
  },
  WordPiece: ({ prefix = '##', cleanup = true }) => {
    return (tokens) => tokens.map((token, i) => wordPiece(token, i, String(prefix), cleanup === true));
  },
  CTC: ({ pad_token: pad = '<pad>', word_delimiter_token: delimiter = '|', cleanup = true }) => {
    return (tokens) =>
      tokens
        .filter((token, i) => i === 0 || token !== tokens[i - 1])
        .map((token) => token.replaceAll(String(pad), ''))
        .map((token) => (cleanup === true ? cleanUp(token).replaceAll(String(delimiter), ' ') : token))
        .filter((token) => token !== '');
  },
  Sequence: ({ decoders }) => {
    if (!Array.isArray(decoders))
      throw new FormatError({ operation, fact: 'decoders must be a list', value: decoders });
    const parts = decoders.map(readDecoder);
    return (tokens) => parts.reduce((texts, part) => part(texts), tokens);
  },
};

/** The bytes that a token's characters stand for; those of the token itself when one of them stands for none. */
function bytesOf(token: string): number[] {
  const bytes = Array.from(token, (character) => byteOf.get(character));
  return bytes.includes(undefined) ? [...encoder.encode(token)] : (bytes as number[]);
}

/** `<0x41>` and the like to characters; bytes that are no UTF-8 to one replacement character each. */
function byteFallback(tokens: string[]): string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    try {
      result.push(strict.decode(Uint8Array.from(bytes)));
    } catch {
      for (let i = 0; i < bytes.length; i++) result.push('\ufffd');
    }
    bytes = [];
  };
  for (const token of tokens) {
    const [, byte] = /^<0x([0-9A-Fa-f]{2})>$/.exec(token) ?? [];
    if (byte !== undefined) {
      bytes.push(Number.parseInt(byte, 16));
      continue;
    }
    flush();
    result.push(token);
  }
  flush();
  return result;
}

function metaspace({ replacement = '▁', add_prefix_space: older, prepend_scheme: scheme }: Part): Decoder {
  const never = older === false || scheme === 'never';
  const mark = String(replacement);
  return (tokens) => tokens.map((token, i) => token.replaceAll(mark, i === 0 && !never ? '' : ' '));
}

function strip(token: string, content: string, start: number, stop: number): string {
  const characters = Array.from(token);
  let [from, to] = [0, characters.length];
  while (from < Math.min(start, characters.length) && characters[from] === content) from++;
  while (to > from && characters.length - to < stop && characters[to - 1] === content) to--;
  return characters.slice(from, to).join('');
}

function wordPiece(token: string, i: number, prefix: string, cleanup: boolean): string {
  let text = token;
  if (i > 0) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
  return cleanup ? cleanUp(text) : text;
}

const contractions = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

function cleanUp(text: string): string {
  return contractions.reduce((clean, [from, to]) => clean.replaceAll(from, to), text);
}
