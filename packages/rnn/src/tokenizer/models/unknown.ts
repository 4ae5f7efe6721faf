// The unknown token, which a file may name and not have.
import { FormatError } from '@d2lts/core';

/** Its id. @throws FormatError when the vocabulary lacks it */
export function unknownId(vocab: ReadonlyMap<string, number>, token: string): number {
  const id = vocab.get(token);
  if (id !== undefined) return id;
  throw new FormatError({
    operation: 'SubwordTokenizer.encode',
    fact: 'a text with an unknown part needs an unknown token in the vocabulary',
    value: token,
    advice: "add it to the tokenizer.json's model.vocab",
  });
}
