// Text of tokens as they come: pieces that, joined, are the decoded whole.
import type { SubwordTokenizer } from '../tokenizer/index.ts';

/**
 * Turns a stream of tokens into pieces of text. A piece may be empty: a character's bytes can be spread over tokens.
 * Each token is decoded together with the few before it, since a token's text may depend on its left neighbour.
 */
export class TokenText {
  private window: number[] = [];
  /** How many of the window's tokens have been given out as text. */
  private given = 0;

  /** @param before tokens that came before, for instance a prompt's; they are not given out */
  constructor(
    private readonly tokenizer: SubwordTokenizer,
    before: readonly number[] = [],
  ) {
    this.window = before.slice(-context);
    this.given = this.window.length;
  }

  /** The text that a token adds. */
  push(token: number): string {
    this.window.push(token);
    return this.take(false);
  }

  /** What was held back at the end: bytes that are no whole character. */
  end(): string {
    return this.take(true);
  }

  private take(last: boolean): string {
    const before = this.tokenizer.decode(this.window.slice(0, this.given));
    const all = this.tokenizer.decode(this.window);
    if (all.endsWith('\uFFFD') && !last) return '';
    const piece = all.slice(before.length);
    this.window = this.window.slice(-context);
    this.given = this.window.length;
    return piece;
  }
}

/** Tokens on the left that are enough to decode the next: one for a word's space, more for a character's bytes. */
const context = 4;
