// How well a language model predicts a text: nats, bits, perplexity, a token or a character.
import { ValueError } from '@d2lts/core';

/** Average quality of predictions on a text. */
export interface TextScore {
  /** Tokens predicted. */
  tokens: number;
  /** Mean negative log-likelihood in nats a token. */
  nats: number;
  /** The same in bits a token. */
  bits: number;
  /** e to the nats: the book's perplexity. */
  perplexity: number;
  /** Bits a character, when the number of characters is known: comparable between tokenizers. */
  bitsPerCharacter?: number;
}

/**
 * The score of a summed negative log-likelihood.
 *
 * @param nats sum over all predicted tokens
 * @param characters how many characters those tokens are
 * @throws ValueError when nothing was predicted
 */
export function textScore(nats: number, tokens: number, characters?: number): TextScore {
  if (!(tokens > 0)) {
    throw new ValueError({
      operation: 'textScore',
      fact: 'there must be a token to predict',
      value: tokens,
      advice: 'give a longer text',
      argument: 'tokens',
    });
  }
  const mean = nats / tokens;
  const score = { tokens, nats: mean, bits: mean / Math.LN2, perplexity: Math.exp(mean) };
  return characters === undefined ? score : { ...score, bitsPerCharacter: nats / Math.LN2 / characters };
}
