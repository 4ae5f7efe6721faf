// Regular expressions of tokenizer.json files, which Oniguruma and Rust read, as JavaScript's.
import { FormatError } from '@d2lts/core';

const maxPattern = 10_000;
/** Oniguruma's word characters: no joiners, unlike Rust's (`wordCharacter`), and outside of classes some of Latin-1. */
const wordClass = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}`;
const word = `[${wordClass}²³¹¼½¾]`;

/** Escapes that mean something else, or nothing, in JavaScript; outside and inside of a class. */
const escapes: Record<string, readonly [outside: string, inside?: string]> = {
  s: [String.raw`\p{White_Space}`, String.raw`\p{White_Space}`],
  S: [String.raw`\P{White_Space}`, String.raw`\P{White_Space}`],
  w: [word, wordClass],
  W: [`[^${wordClass}²³¹¼½¾]`],
  d: [String.raw`\p{Nd}`, String.raw`\p{Nd}`],
  D: [String.raw`\P{Nd}`, String.raw`\P{Nd}`],
  h: ['[0-9a-fA-F]', '0-9a-fA-F'],
  b: [`(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`],
  B: [`(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`],
  A: [String.raw`(?<![\s\S])`],
  z: [String.raw`(?![\s\S])`],
  Z: [String.raw`(?=\n?(?![\s\S]))`],
  R: [String.raw`(?:\r\n|[\n-\r\u0085\u2028\u2029])`],
  a: [String.raw`\x07`, String.raw`\x07`],
  e: [String.raw`\x1b`, String.raw`\x1b`],
};

const posix: Record<string, string> = {
  alpha: String.raw`\p{Alphabetic}`,
  digit: String.raw`\p{Nd}`,
  alnum: String.raw`\p{Alphabetic}\p{Nd}`,
  upper: String.raw`\p{Uppercase}`,
  lower: String.raw`\p{Lowercase}`,
  space: String.raw`\p{White_Space}`,
  punct: String.raw`\p{P}\p{S}`,
  cntrl: String.raw`\p{Cc}`,
  xdigit: '0-9a-fA-F',
};

/** A pattern of the file as a global regular expression. @throws FormatError for what JavaScript has no equal to */
export function readPattern(operation: string, pattern: unknown): RegExp {
  const { String: plain, Regex: regex } = (pattern ?? {}) as { String?: unknown; Regex?: unknown };
  if (typeof plain === 'string') return new RegExp(escapeText(plain), 'gu');
  if (typeof regex !== 'string' || regex.length > maxPattern)
    throw new FormatError({
      operation,
      fact: `a pattern must be {"String": …} or {"Regex": …} of at most ${maxPattern} characters`,
      value: pattern,
    });
  try {
    return new RegExp(new Translator(regex).translate(), 'gu');
  } catch (error) {
    throw new FormatError({
      operation,
      fact: `the regular expression cannot be used (${(error as Error).message})`,
      value: regex,
      cause: error,
    });
  }
}

/** A text as a pattern that matches it alone. */
export function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

class Translator {
  private at = 0;
  private readonly characters: string[];

  constructor(pattern: string) {
    this.characters = Array.from(pattern);
  }

  translate(): string {
    const result = this.sequence(false);
    if (this.at < this.characters.length) throw new Error('unmatched )');
    return result;
  }

  /** Up to the end, or to the parenthesis that closes the group. */
  private sequence(ignoreCase: boolean): string {
    let caseless = ignoreCase;
    let result = '';
    while (this.at < this.characters.length && this.peek() !== ')') {
      const c = this.next();
      if (c === '\\') result += this.escape(false, caseless);
      else if (c === '[') result += this.set(caseless);
      else if (c === '.') result += String.raw`[^\n]`;
      else if (c === '^') result += String.raw`(?:^|(?<=\n))`;
      else if (c === '$') result += String.raw`(?:$|(?=\n))`;
      else if (c === '{') result += this.braces();
      else if (c === '}' || c === ']' || c === '/') result += `\\${c}`;
      else if ('*+?'.includes(c)) result += this.quantifier(c);
      else if (c !== '(') result += letter(c, caseless, false);
      else if (this.take('?i)')) caseless = true;
      else if (this.take('?-i)')) caseless = false;
      else result += this.group(caseless);
    }
    return result;
  }

  private group(ignoreCase: boolean): string {
    let open = '(';
    let caseless = ignoreCase;
    if (this.take('?i:')) [open, caseless] = ['(?:', true];
    else if (this.take('?-i:')) [open, caseless] = ['(?:', false];
    else if (this.peek() === '?') {
      const known = ['?:', '?=', '?!', '?<=', '?<!'].find((start) => this.take(start));
      if (known === undefined)
        throw new Error(`the group (${this.characters.slice(this.at, this.at + 4).join('')}`);
      open += known;
    }
    const inner = this.sequence(caseless);
    if (this.next() !== ')') throw new Error('unmatched (');
    return `${open}${inner})`;
  }

  /** A character class; the bracket that opens it has been read. */
  private set(caseless: boolean): string {
    let result = this.take('^') ? '[^' : '[';
    for (let first = true; first || this.peek() !== ']'; first = false) {
      const c = this.next();
      if (c === '') throw new Error('unmatched [');
      if (c === '&' && this.peek() === '&') throw new Error('the set operation &&');
      if (c === '\\') result += this.escape(true, caseless);
      else if (c !== '[') result += c === ']' || c === '^' ? `\\${c}` : letter(c, caseless, true);
      else if (this.take(':')) result += this.posix();
      else throw new Error('a class within a class');
    }
    this.next();
    return `${result}]`;
  }

  private posix(): string {
    const end = this.characters.indexOf(':', this.at);
    const name = this.characters.slice(this.at, end).join('');
    const known = posix[name];
    if (known === undefined || this.characters[end + 1] !== ']') throw new Error(`the class [:${name}`);
    this.at = end + 2;
    return known;
  }

  private escape(inside: boolean, caseless: boolean): string {
    const c = this.next();
    const known = escapes[c];
    if (known !== undefined) {
      const meaning = known[inside ? 1 : 0];
      if (meaning === undefined) throw new Error(`\\${c} in a class`);
      return meaning;
    }
    if (c === 'p' || c === 'P') return this.property(c);
    if (c === 'x' && this.peek() === '{') return `\\u${this.until('}')}`;
    if ('xu'.includes(c) && c !== '') {
      const digits = this.characters.slice(this.at, this.at + (c === 'x' ? 2 : 4)).join('');
      this.at += digits.length;
      return `\\${c}${digits}`;
    }
    if ('nrtfv0'.includes(c) && c !== '') return `\\${c}`;
    if (/^[1-9]$/.test(c) && !inside) return `\\${c}`;
    if (/^[0-9A-Za-z]?$/.test(c)) throw new Error(`the escape \\${c}`);
    return /^[\\^$.*+?()[\]{}|/]$/.test(c) || (inside && c === '-') ? `\\${c}` : letter(c, caseless, inside);
  }

  /** `\p{L}`, `\pL`, `\p{^L}`, `\p{Han}`. */
  private property(c: 'p' | 'P'): string {
    const written = this.peek() === '{' ? this.until('}').slice(1, -1) : this.next();
    const negated = written.startsWith('^') !== (c === 'P');
    const name = written.replace(/^\^/, '');
    for (const property of [name, `Script=${name}`]) {
      const escape = `\\${negated ? 'P' : 'p'}{${property}}`;
      if (isPattern(escape)) return escape;
    }
    throw new Error(`the property ${written}`);
  }

  private quantifier(c: string): string {
    const lazy = this.take('?') ? '?' : '';
    if (this.peek() === '+') throw new Error(`the possessive quantifier ${c}+`);
    return c + lazy;
  }

  /** A counted repetition, or a brace that stands for itself. */
  private braces(): string {
    const end = this.characters.indexOf('}', this.at);
    const inner = end < 0 ? '' : this.characters.slice(this.at, end).join('');
    const [, low, rest] = /^(\d*)(,\d*)?$/.exec(inner) ?? [];
    if (inner === '' || inner === ',' || low === undefined) return String.raw`\{`;
    this.at = end + 1;
    return `{${low === '' ? '0' : low}${rest ?? ''}}`;
  }

  private until(end: string): string {
    const stop = this.characters.indexOf(end, this.at);
    if (stop < 0) throw new Error(`unmatched ${this.peek()}`);
    const result = this.characters.slice(this.at, stop + 1).join('');
    this.at = stop + 1;
    return result;
  }

  private peek(): string {
    return this.characters[this.at] ?? '';
  }

  private next(): string {
    return this.characters[this.at++] ?? '';
  }

  private take(text: string): boolean {
    if (!Array.from(text).every((c, i) => this.characters[this.at + i] === c)) return false;
    this.at += text.length;
    return true;
  }
}

/** A character that stands for itself, in both cases where case does not count. */
function letter(c: string, caseless: boolean, inside: boolean): string {
  const both = caseless ? new Set([c, c.toLowerCase(), c.toUpperCase()]) : new Set([c]);
  const single = [...both].filter((variant) => Array.from(variant).length === 1).join('');
  if (inside) return c === '-' ? c : single;
  return Array.from(single).length > 1 ? `[${single}]` : c;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
