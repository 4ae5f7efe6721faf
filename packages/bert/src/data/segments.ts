// BERT's input sequence: one or two texts between special tokens, with a segment id for each token.

/** The special tokens of BERT's vocabulary. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** Tokens of one input sequence, and 0 or 1 for each: which text it belongs to. */
export interface TokensAndSegments {
  tokens: string[];
  segments: number[];
}

/**
 * `[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`.
 *
 * Source: the book's section on BERT (`get_tokens_and_segments`).
 */
export function tokensAndSegments(a: readonly string[], b?: readonly string[]): TokensAndSegments {
  const tokens = ['[CLS]', ...a, '[SEP]'];
  const segments = tokens.map(() => 0);
  if (b !== undefined) {
    tokens.push(...b, '[SEP]');
    while (segments.length < tokens.length) segments.push(1);
  }
  return { tokens, segments };
}
