// Added tokens: texts that become one id before anything else is done with them.
import { wordCharacter } from '../../text/characters.ts';
import type { AddedTokenJson } from '../tokenizerJson.ts';
import type { Normalizer } from './normalizers.ts';
import type { Piece } from './piece.ts';
import { escapeText } from './regex.ts';

const wordAtStart = new RegExp(`^[${wordCharacter}]`, 'u');
const wordAtEnd = new RegExp(`[${wordCharacter}]$`, 'u');
const spacesAtStart = /^\p{White_Space}+/u;
const spacesAtEnd = /\p{White_Space}+$/u;

type Finder = ((piece: Piece) => Piece[]) | undefined;

/** Finds added tokens in texts: those that are not normalized in the text as it is, the others in the normalized one. */
export class AddedTokens {
  readonly #raw: Finder;
  readonly #normalized: Finder;
  readonly #normalizer: Normalizer | undefined;
  /** What an added token looks like to the decoder, by id. */
  readonly texts = new Map<number, string>();

  constructor(tokens: readonly AddedTokenJson[], normalizer: Normalizer | undefined) {
    this.#normalizer = normalizer;
    const filled = tokens.filter(({ content }) => content !== '');
    for (const token of filled)
      this.texts.set(token.id, token.normalized ? this.#normalize(token.content) : token.content);
    this.#raw = this.#finder(filled.filter(({ normalized }) => !normalized));
    this.#normalized = this.#finder(filled.filter(({ normalized }) => normalized));
  }

  /** Cuts a text at its added tokens and normalizes the rest. */
  extract(text: string): Piece[] {
    const whole: Piece = { text, atStart: true };
    const result: Piece[] = [];
    for (const piece of this.#raw?.(whole) ?? [whole]) {
      if (piece.id !== undefined) {
        result.push(piece);
        continue;
      }
      this.#normalizer?.(piece);
      if (this.#normalized === undefined) result.push(piece);
      else for (const part of this.#normalized(piece)) result.push(part);
    }
    return result.filter((piece) => piece.text !== '');
  }

  #normalize(content: string): string {
    const piece: Piece = { text: content, atStart: true };
    this.#normalizer?.(piece);
    return piece.text;
  }

  #finder(tokens: readonly AddedTokenJson[]): Finder {
    const byText = new Map<string, AddedTokenJson>();
    for (const token of tokens) {
      const text = this.texts.get(token.id)!;
      if (text !== '') byText.set(text, token);
    }
    if (byText.size === 0) return undefined;
    const longestFirst = [...byText.keys()].sort((a, b) => b.length - a.length);
    const pattern = new RegExp(longestFirst.map(escapeText).join('|'), 'gu');
    return (piece) => cut(piece, pattern, byText);
  }
}

function cut(
  { text, atStart }: Piece,
  pattern: RegExp,
  tokens: ReadonlyMap<string, AddedTokenJson>,
): Piece[] {
  const pieces: Piece[] = [];
  let before = 0;
  const add = (start: number, end: number, id?: number) => {
    const piece: Piece = { text: text.slice(start, end), atStart: atStart && start === 0 };
    pieces.push(id === undefined ? piece : { ...piece, id });
  };
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const { id, single_word: single, lstrip, rstrip } = tokens.get(found)!;
    let [start, end] = [index, index + found.length];
    if (single && (endsInWord(text, start) || wordAtStart.test(text.slice(end, end + 2)))) continue;
    if (lstrip)
      start = Math.max(before, start - (spacesAtEnd.exec(text.slice(before, start))?.[0].length ?? 0));
    if (rstrip) end += spacesAtStart.exec(text.slice(end))?.[0].length ?? 0;
    if (before < start) add(before, start);
    add(start, end, id);
    before = end;
  }
  if (before < text.length) add(before, text.length);
  return pieces;
}

function endsInWord(text: string, end: number): boolean {
  return wordAtEnd.test(text.slice(Math.max(0, end - 2), end));
}
