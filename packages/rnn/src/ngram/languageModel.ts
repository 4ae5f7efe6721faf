// What every counting language model offers, and its perplexity on held-out text.
import { ValueError } from '@d2lts/core';

/** Gives the probability of each next token id after a context of token ids. */
export interface NgramLanguageModel {
  /** Number of different tokens. */
  readonly vocabSize: number;
  /** Longest n-gram used; only the last `order − 1` tokens of a context matter. */
  readonly order: number;
  /** P(token | context), in (0, 1]; sums to 1 over all tokens. */
  probability(context: ArrayLike<number>, token: number): number;
}

/** Average quality of predictions on a text. */
export interface NgramScore {
  /** Tokens predicted. */
  tokens: number;
  /** Mean negative log-likelihood in nats a token. */
  nats: number;
  /** The same in bits a token; with character tokens, bits per character. */
  bits: number;
  /** e to the nats: the book's perplexity. */
  perplexity: number;
}

/**
 * Scores a text: every token is predicted from the tokens before it.
 *
 * Source: the book's section on language models; perplexity as in its RNN section.
 *
 * @throws ValueError when `ids` is empty.
 */
export function scoreNgrams(model: NgramLanguageModel, ids: ArrayLike<number>): NgramScore {
  const tokens = ids.length;
  if (tokens === 0)
    throw new ValueError({
      operation: 'scoreNgrams',
      fact: 'ids must not be empty',
      value: 0,
      argument: 'ids',
    });
  const context: number[] = [];
  let sum = 0;
  for (let i = 0; i < tokens; i++) {
    sum -= Math.log(model.probability(context, ids[i]!));
    context.push(ids[i]!);
    if (context.length >= model.order) context.shift();
  }
  const nats = sum / tokens;
  return { tokens, nats, bits: nats / Math.LN2, perplexity: Math.exp(nats) };
}
