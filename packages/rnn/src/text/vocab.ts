// A vocabulary: tokens to indices and back, most frequent first.
import { ValueError } from '@d2lts/core';

/** Options of `Vocab`. */
export interface VocabOptions {
  /** Tokens seen fewer times than this are unknown; default 0. */
  minFreq?: number;
  /** Tokens that come right after `<unk>`, for instance `<pad>`, `<bos>`, `<eos>`. */
  reservedTokens?: readonly string[];
}

/** How often each token occurs, in order of first appearance (the book's `count_corpus`, section 8.2). */
export function countCorpus(tokens: Iterable<string> | Iterable<readonly string[]>): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (token: string) => counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const item of tokens) {
    if (typeof item === 'string') add(item);
    else for (const token of item) add(token);
  }
  return counts;
}

/** `countCorpus` for a stream of token lists, for instance of the lines of a file larger than memory. */
export async function countStream(tokens: AsyncIterable<readonly string[]>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const line of tokens) {
    for (const token of line) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/**
 * Maps tokens to indices: 0 is `<unk>`, then the reserved tokens, then the rest by falling frequency
 * (ties in order of first appearance, as the book's `Vocab`, section 8.2).
 *
 * @example
 * const vocab = new Vocab(tokenize(['the time machine', 'the time']), { reservedTokens: ['<pad>'] });
 * vocab.indices(['the', 'unheard']); // [2, 0]
 * vocab.token(2); // 'the'
 */
export class Vocab {
  /** Every token with its count, most frequent first; also those below `minFreq`. */
  readonly tokenFreqs: readonly (readonly [token: string, count: number])[];
  private readonly byIndex: string[];
  private readonly byToken = new Map<string, number>();

  /** @param tokens a text's tokens, in lists or not; or how often each occurs */
  constructor(
    tokens: Iterable<string> | Iterable<readonly string[]> | ReadonlyMap<string, number> = [],
    options: VocabOptions = {},
  ) {
    const { minFreq = 0, reservedTokens = [] } = options;
    const counts =
      tokens instanceof Map
        ? (tokens as ReadonlyMap<string, number>)
        : countCorpus(tokens as Iterable<string>);
    this.tokenFreqs = [...counts].sort((a, b) => b[1] - a[1]);
    this.byIndex = ['<unk>'];
    this.byToken.set('<unk>', 0);
    const add = (token: string) => {
      if (this.byToken.has(token)) return;
      this.byToken.set(token, this.byIndex.length);
      this.byIndex.push(token);
    };
    reservedTokens.forEach(add);
    for (const [token, count] of this.tokenFreqs) if (count >= minFreq) add(token);
  }

  /** The vocabulary that `toJSON` wrote: its tokens in order of index. */
  static fromJSON(tokens: readonly string[]): Vocab {
    if (!Array.isArray(tokens) || tokens[0] !== '<unk>' || new Set(tokens).size !== tokens.length) {
      throw new ValueError({
        operation: 'Vocab.fromJSON',
        fact: 'tokens must be a list without repeats that starts with "<unk>"',
        value: tokens,
        argument: 'tokens',
      });
    }
    return new Vocab([], { reservedTokens: tokens.slice(1) });
  }

  /** The number of tokens, `<unk>` and the reserved ones included. */
  get size(): number {
    return this.byIndex.length;
  }

  /** The index of `<unk>`: 0. */
  get unk(): number {
    return 0;
  }

  /** Whether the vocabulary holds the token. */
  has(token: string): boolean {
    return this.byToken.has(token);
  }

  /** The token's index; that of `<unk>` when it is not in the vocabulary. */
  index(token: string): number {
    return this.byToken.get(token) ?? this.unk;
  }

  /** The indices of many tokens. */
  indices(tokens: Iterable<string>): number[] {
    return Array.from(tokens, (token) => this.index(token));
  }

  /** The token at an index. @throws ValueError when there is none */
  token(index: number): string {
    const token = this.byIndex[index];
    if (token === undefined) {
      throw new ValueError({
        operation: 'Vocab.token',
        fact: `index must be an integer from 0 to ${this.size - 1}`,
        value: index,
        argument: 'index',
      });
    }
    return token;
  }

  /** The tokens at many indices. */
  tokens(indices: Iterable<number>): string[] {
    return Array.from(indices, (index) => this.token(index));
  }

  /** All tokens in order of index. */
  toJSON(): string[] {
    return [...this.byIndex];
  }
}
