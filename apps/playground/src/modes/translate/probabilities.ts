// What a translator held probable at every position of a given answer, however the answer was found.
import { logSoftmax, processorsOf } from '@d2lts/rnn';
import { ApiError } from '../../api/errors.ts';
import type { OutputToken } from '../../api/types.ts';
import { Cancelled } from '../../engine/engine.ts';
import { checkTokens, topCount, topOf } from '../../engine/tokens.ts';
import type { ProbabilitiesRequest } from './contract.ts';
import { pieceTexts, type LoadedModel } from './decode.ts';

/** One pass of the decoder over the tokens, each with the likeliest in its place. */
export async function tokenProbabilities(
  model: LoadedModel,
  { text: source, tokens, repetitionPenalty }: ProbabilitiesRequest,
  cancelled: () => boolean,
): Promise<OutputToken[]> {
  const decoder = model.searchDecoder({ attention: false });
  checkTokens(tokens, decoder.vocabSize);
  const most = model.maxLength(Number.POSITIVE_INFINITY);
  if (tokens.length > most)
    throw new ApiError(
      422,
      'line_too_long',
      `An answer may have at most ${most} tokens, got ${tokens.length}; ask line by line`,
    );
  const text = pieceTexts(model);
  const processors = processorsOf({ repetitionPenalty, bannedTokens: model.banned });
  const said: OutputToken[] = [];
  let state = await decoder.start([model.encode(source)]);
  try {
    for (const [position, id] of tokens.entries()) {
      if (cancelled()) throw new Cancelled();
      const previous = tokens[position - 1] ?? model.bos;
      const result = await decoder.step(state, Int32Array.of(previous));
      state = result.state;
      const logProbs = logSoftmax(result.logits);
      for (const processor of processors) processor.process(logProbs, tokens.slice(0, position));
      const scored = (token: number) => ({ id: token, text: text(token), logProb: logProbs[token]! });
      said.push({ ...scored(id), top: topOf(logProbs, topCount).map(scored) });
    }
  } finally {
    decoder.dispose?.(state);
  }
  return said;
}
