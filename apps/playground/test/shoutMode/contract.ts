// A toy mode for the tests: it says a text again in capitals, word by word.
import { defaultSettings, ranges } from '../../src/api/limits.ts';
import type { AnswerResult, ModelRequest } from '../../src/api/types.ts';
import type { Contract } from '../../src/modes/contract.ts';

/** Body of `POST /api/v1/shout` once defaults are filled in. */
export interface ShoutRequest extends ModelRequest {
  text: string;
  /** Most words to shout. */
  words: number;
}

/** What `POST /api/v1/shout` finally says. */
export interface ShoutResult extends AnswerResult {
  shouted: string;
}

export const shoutContract: Contract = {
  id: 'shout',
  defaults: { ...defaultSettings, strategy: 'greedy', maxLength: 5 },
  ranges: { ...ranges, maxLength: [1, 20] },
  strategies: { greedy: ['maxLength'] },
  longestText: 100,
  verbatim: false,
  requestBody: ({ text, model, settings }) => ({ text, model, words: settings.maxLength }),
  outputOf: (result) => (result as ShoutResult).shouted,
  readConfig: ({ format, words }) =>
    format === 'shout'
      ? {
          decoding: { maxLength: Number(words) },
          shows: { attention: false, beamTree: false, probabilities: false },
        }
      : undefined,
  errors: { too_quiet: '太小声了：' },
};
