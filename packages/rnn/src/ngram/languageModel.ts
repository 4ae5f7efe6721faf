// What every counting language model offers, and its perplexity on held-out text.
import { type TextScore, textScore } from '../metrics/textScore.ts';

/** Gives the probability of each next token id after a context of token ids. */
export interface NgramLanguageModel {
  /** Number of different tokens. */
  readonly vocabSize: number;
  /** Longest n-gram used; only the last `order − 1` tokens of a context matter. */
  readonly order: number;
  /** P(token | context), in (0, 1]; sums to 1 over all tokens. */
  probability(context: ArrayLike<number>, token: number): number;
}

/**
 * Scores a text: every token is predicted from the tokens before it; the first `skip` are read and not scored.
 *
 * Source: the book's section on language models; perplexity as in its RNN section.
 *
 * @param options.skip default 0; 1 scores what a neural model does, which predicts no first token
 * @throws ValueError when nothing is left to score.
 */
export function scoreNgrams(
  model: NgramLanguageModel,
  ids: ArrayLike<number>,
  { skip = 0 }: { skip?: number } = {},
): TextScore {
  const context: number[] = [];
  let sum = 0;
  for (let i = 0; i < ids.length; i++) {
    if (i >= skip) sum -= Math.log(model.probability(context, ids[i]!));
    context.push(ids[i]!);
    if (context.length >= model.order) context.shift();
  }
  return textScore(sum, Math.max(0, ids.length - skip));
}
