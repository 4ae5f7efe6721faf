// Where the continuation of prompts starts.
import { ValueError } from '@d2lts/core';
import { checkTokens } from '../checks.ts';

/**
 * The last token of each prompt: the first that a decoder is fed once it has read the others.
 *
 * @param operation who asks, for the error
 * @throws ValueError for a prompt without tokens, or with an id that is not in the vocabulary
 */
export function lastTokens(
  operation: string,
  prompts: readonly (readonly number[])[],
  vocabSize: number,
): Int32Array {
  return Int32Array.from(prompts, (prompt) => {
    checkTokens(operation, 'prompts', prompt, vocabSize);
    const last = prompt.at(-1);
    if (last !== undefined) return last;
    throw new ValueError({
      operation,
      fact: 'a prompt must have at least one token',
      value: prompt,
      advice: 'start with a line break or the begin token',
      argument: 'prompts',
    });
  });
}
