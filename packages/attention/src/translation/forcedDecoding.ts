// Forced decoding: how likely a model finds a given sequence, token by token.
import { type StepDecoder, type StepMaps, logSoftmax } from '@d2lts/rnn';

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
  const logProbs: number[] = [];
  const attention: Float32Array[] = [];
  const maps: StepMaps[] = [];
  let state: State = await decoder.start([source]);
  try {
    let previous = decoder.firstTokens?.([source])[0] ?? bos;
    for (const token of tokens) {
      const result = await decoder.step(state, Int32Array.of(previous));
      state = result.state;
      logProbs.push(logSoftmax(result.logits)[token]!);
      if (result.attention !== undefined) attention.push(result.attention.weights.slice());
      if (result.maps !== undefined) maps.push(result.maps[0]!);
      previous = token;
    }
  } finally {
    decoder.dispose?.(state);
  }
  return {
    logProbs,
    ...(attention.length > 0 && { attention }),
    ...(maps.length > 0 && { maps }),
  };
}
