// Where batches of subsequences read their tokens from: memory, or a file.

/** A long list of token ids that can be read in pieces. */
export interface TokenSource {
  /** Number of tokens. */
  readonly length: number;
  /** The `count` ids from position `start` on; the caller asks only for what is there. */
  read(start: number, count: number): Int32Array;
}

/** A list in memory as a source. */
export function tokenSource(tokens: ArrayLike<number> | TokenSource): TokenSource {
  if ('read' in tokens) return tokens;
  const ids = Int32Array.from(tokens);
  return { length: ids.length, read: (start, count) => ids.subarray(start, start + count) };
}
