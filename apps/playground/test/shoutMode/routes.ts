// The route that shouts.
import { z } from 'zod';
import { text, timing } from '../../src/api/answers.ts';
import { filledTextOf, integerBetween, model, stream } from '../../src/api/schema.ts';
import { body, streamed } from '../../src/server/describe.ts';
import { jobRoute } from '../../src/server/jobRoute.ts';
import type { ModeRoutes } from '../../src/server/routes.ts';
import { shoutContract, type ShoutResult } from './contract.ts';

const { id: task, longestText, ranges, defaults } = shoutContract;

const schema = z.strictObject({
  text: filledTextOf(longestText),
  model,
  words: integerBetween(ranges.maxLength).optional(),
  stream,
});

const handleShout = jobRoute({
  task,
  kind: 'answer',
  schema,
  defaultsOf: ({ decoding }) => ({ words: decoding.maxLength ?? defaults.maxLength }),
  resultOf: ({ id: model }, [segment], timing): ShoutResult => ({ model, shouted: segment!.text, timing }),
});

const shoutResult = z.strictObject({
  model: text,
  shouted: text,
  timing,
}) satisfies z.ZodType<ShoutResult>;

export const shoutRoutes: ModeRoutes = {
  routes: { '/api/v1/shout': { POST: handleShout } },
  paths: {
    '/api/v1/shout': {
      post: {
        summary: 'Say a text again, loudly',
        requestBody: body(schema),
        responses: streamed('ShoutResult', '`queued`, `start`, `token`, `segment`, then `done` or `error`'),
      },
    },
  },
  schemas: { ShoutResult: shoutResult },
  result: shoutResult,
};
