// White space and word characters against what Rust's engine says of every code point.
import { describe, expect, it } from 'vitest';
import { isWhiteSpace, splitWords, trimWhiteSpace, wordCharacter } from './characters.ts';

/** Rust's `char::is_whitespace`, all of it. */
const rust = [
  0x9, 0xa, 0xb, 0xc, 0xd, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
  0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
];

describe('white space', () => {
  it('is what Rust takes for it, and nothing else', () => {
    const found: number[] = [];
    for (let code = 0; code < 0x110000; code++)
      if (isWhiteSpace(String.fromCodePoint(code))) found.push(code);
    expect(found).toEqual(rust);
  });

  it('parts words and is trimmed at both ends', () => {
    expect(splitWords('\u0085a\u3000b\ufeff c\n')).toEqual(['a', 'b\ufeff', 'c']);
    expect(splitWords('')).toEqual([]);
    expect(trimWhiteSpace('\u0085\t a\u0085b \u2028')).toBe('a\u0085b');
    expect(trimWhiteSpace('\ufeff')).toBe('\ufeff');
    expect(trimWhiteSpace(' \n')).toBe('');
  });
});

describe('word characters', () => {
  it('are letters of every script, marks, digits, connectors and joiners', () => {
    const word = new RegExp(`^[${wordCharacter}]$`, 'u');
    for (const character of ['a', 'é', '\u0301', '語', '_', '‿', '٣', '\u200d', 'ⓐ']) {
      expect(word.test(character)).toBe(true);
    }
    for (const character of ['-', ' ', '²', '\ufeff', '\u0085', '☃', '😀'])
      expect(word.test(character)).toBe(false);
  });
});
