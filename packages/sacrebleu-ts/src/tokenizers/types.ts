// What a tokenizer is: a function from a line to space-separated tokens, with a name for the signature.

/** Splits a line into tokens joined by spaces; `signature` names it in score signatures. */
export interface Tokenizer {
  (line: string): string;
  readonly signature: string;
}

/** Gives a function the signature that makes it a {@link Tokenizer}. */
export function defineTokenizer(signature: string, tokenize: (line: string) => string): Tokenizer {
  return Object.assign((line: string) => tokenize(line), { signature });
}
