// Forced decoding: how likely a model finds a given sequence, token by token.
import { type StepDecoder, type StepMaps, greedySearch } from '@d2lts/rnn';

/** A given sequence as a model sees it. */
export interface ForcedSequence {
  /** Log-probability of each token given those before it; nats. */
  logProbs: number[];
  /** Attention to the source while each token was scored, when the decoder gives it. */
  attention?: Float32Array[];
  /** Every layer's and head's attention while each token was scored, when the decoder was asked for all of it. */
  maps?: StepMaps[];
}

/**
 * Feeds `bos` and then the tokens, and reads the log-probability of each.
 *
 * @param tokens what to score, the end token included if its probability counts
 *
 * @example
 * const { logProbs } = await forcedDecoding(model.searchDecoder(), source, [...target, eos], bos);
 */
export async function forcedDecoding<Source, State>(
  decoder: StepDecoder<Source, State>,
  source: Source,
  tokens: readonly number[],
  bos: number,
): Promise<ForcedSequence> {
  if (tokens.length === 0) return { logProbs: [] };
  const options = { bos, maxLength: tokens.length, prefixes: [tokens] };
  const [result] = await greedySearch(decoder, [source], options);
  const { logProbs = [], attention, maps } = result!.hypotheses[0] ?? {};
  return {
    logProbs: tokens.map((_, i) => logProbs[i] ?? -Infinity), // it ends where a token has no probability
    ...(attention && { attention }),
    ...(maps && { maps }),
  };
}
