// How the worker shouts.
import { ApiError } from '../../src/api/errors.ts';
import { Cancelled, emptySegment, type ModeEngine, type Tell } from '../../src/engine/engine.ts';
import { shoutContract, type ShoutRequest } from './contract.ts';

async function shout(
  _model: object,
  { text: source, words }: ShoutRequest,
  tell: Tell,
  cancelled: () => boolean,
) {
  const sourceTokens = source.split(/\s+/);
  tell({ type: 'start', segment: 0, source, sourceTokens });
  const tokens = [];
  let text = '';
  for (const [id, word] of sourceTokens.slice(0, words).entries()) {
    if (cancelled()) throw new Cancelled();
    if (word === 'whisper')
      throw new ApiError(422, 'too_quiet', 'A whisper cannot be shouted; use another word');
    const token = { id, text: `${id > 0 ? ' ' : ''}${word.toUpperCase()}`, logProb: 0 };
    tokens.push(token);
    text += token.text;
    tell({ type: 'token', segment: 0, text, token: { ...token, top: [token] } });
  }
  const result = { ...emptySegment(source), sourceTokens, text, tokens };
  tell({ type: 'segment', segment: 0, result });
  return [result];
}

export const shoutEngine: ModeEngine = {
  id: shoutContract.id,
  load: async () => ({ dispose: () => {} }),
  jobs: { answer: shout },
};
