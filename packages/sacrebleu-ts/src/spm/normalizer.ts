// SentencePiece's normalization: rules from the model, then whitespace as the visible mark U+2581.

import { CharsMap } from './chars-map.ts';
import { PieceType, type SpmModel } from './model.ts';

const SPACE = '\u2581';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The normalizer of a model. */
export function createNormalizer(model: SpmModel): (text: string) => string {
  const { addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces, whitespaceAsSuffix } = model;
  const map = model.charsMap.length > 0 ? new CharsMap(model.charsMap) : undefined;
  const isProtected = protectedPrefix(model);
  const space = escapeWhitespaces ? SPACE : ' ';

  // The normalized chunks of the text, one per replaced prefix or character.
  function* chunks(text: string): Generator<string> {
    const bytes = map ? encoder.encode(text) : undefined;
    let at = 0;
    for (let i = 0; i < text.length;) {
      const kept = isProtected(text, i);
      const found = kept === 0 && bytes ? map!.longestPrefix(bytes, at) : undefined;
      const source = found
        ? decoder.decode(bytes!.subarray(at, at + found.length))
        : text.slice(i, i + (kept || charLength(text, i)));
      yield found ? decoder.decode(found.replacement) : source;
      i += source.length;
      if (bytes) at += found ? found.length : encoder.encode(source).length;
    }
  }

  return (text) => {
    let out = '';
    let afterSpace = removeExtraWhitespaces;
    for (const chunk of chunks(text)) {
      let rest = chunk;
      if (afterSpace) while (rest.startsWith(' ')) rest = rest.slice(1);
      if (rest !== '') {
        out += escapeWhitespaces ? rest.replaceAll(' ', SPACE) : rest;
        afterSpace = rest.endsWith(' ');
      }
      if (!removeExtraWhitespaces) afterSpace = false;
    }
    if (removeExtraWhitespaces) {
      while (out.endsWith(space)) out = out.slice(0, -space.length);
      if (out === '') return '';
    }
    if (text === '' || !addDummyPrefix) return out;
    return whitespaceAsSuffix ? out + space : space + out;
  };
}

function charLength(text: string, i: number): number {
  return text.codePointAt(i)! > 0xffff ? 2 : 1;
}

/** A function giving the length of the longest user-defined piece at a position, 0 for none. */
export function protectedPrefix(model: SpmModel): (text: string, i: number) => number {
  const symbols = model.pieces
    .filter((piece) => piece.type === PieceType.UserDefined)
    .map((piece) => piece.text);
  symbols.sort((a, b) => b.length - a.length);
  if (symbols.length === 0) return () => 0;
  return (text, i) => symbols.find((symbol) => text.startsWith(symbol, i))?.length ?? 0;
}
