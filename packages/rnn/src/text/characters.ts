// What white space and word characters are: Unicode's definitions, as Rust and Python's `regex` have them.
// JavaScript's `\s` lacks U+0085 and holds U+FEFF, which is no white space; its `\w` knows only ASCII.

/** Unicode's White_Space (Rust's `char::is_whitespace`, `\s` of its regex engine), for use in a `u` regular expression. */
export const whiteSpace = String.raw`\p{White_Space}`;

/** A character of a word (UTS #18, Annex C; `\w` of Rust's regex engine), for use inside `[…]` with the flag `u`. */
export const wordCharacter = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;

const gaps = new RegExp(`${whiteSpace}+`, 'u');
const ends = new RegExp(`^${whiteSpace}+|(?<!${whiteSpace})${whiteSpace}+$`, 'gu');
const one = new RegExp(`^${whiteSpace}$`, 'u');

/** Whether a character is Unicode white space. */
export function isWhiteSpace(character: string): boolean {
  return one.test(character);
}

/** The words of a text: what stands between white space (Rust's `split_whitespace`). */
export function splitWords(text: string): string[] {
  return text.split(gaps).filter((word) => word !== '');
}

/** The text without white space at its ends (Rust's `trim`). */
export function trimWhiteSpace(text: string): string {
  return text.replace(ends, '');
}
