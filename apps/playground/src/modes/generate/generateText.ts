// Goes on from one prompt: runs a language model, tells every token, shapes the result.
import type { TextGenerator } from '@d2lts/rnn';
import type { ScoredToken, Segment } from '../../api/types.ts';
import { Cancelled, type Tell } from '../../engine/engine.ts';
import { topCount } from '../../engine/tokens.ts';
import type { GenerateRequest } from './contract.ts';

/** Generates for one request; the same text as `TextGenerator.generate` with the same options. */
export async function generateText(
  generator: TextGenerator,
  request: GenerateRequest,
  tell: Tell,
  cancelled: () => boolean,
): Promise<Segment> {
  const { prompt, model: _model, stream: _stream, ...options } = request;
  const tokens: ScoredToken[] = [];
  let text = '';
  tell({ type: 'start', segment: 0, source: prompt, sourceTokens: [] });
  const steps = generator.stream(prompt, { ...options, top: topCount });
  for (;;) {
    if (cancelled()) {
      await steps.return({ prompt, text, tokens: [], rest: '' });
      throw new Cancelled();
    }
    const next = await steps.next();
    if (next.done) {
      text = next.value.text;
      break;
    }
    const { id, text: piece, logProb, top = [] } = next.value;
    text += piece;
    tokens.push({ id, text: piece, logProb });
    tell({ type: 'token', segment: 0, text, token: { id, text: piece, logProb, top } });
  }
  const logProb = tokens.reduce((sum, token) => sum + token.logProb, 0);
  const result: Segment = {
    source: prompt,
    sourceTokens: [],
    text,
    tokens,
    logProb,
    score: logProb,
    alternatives: [],
  };
  tell({ type: 'segment', segment: 0, result });
  return result;
}
