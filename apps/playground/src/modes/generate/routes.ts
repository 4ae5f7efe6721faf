// The route that goes on from a prompt.
import { z } from 'zod';
import { number, scoredToken, text, timing } from '../../api/answers.ts';
import { body, streamed } from '../../server/describe.ts';
import { jobRoute } from '../../server/jobRoute.ts';
import type { ModeRoutes } from '../../server/routes.ts';
import { generateContract, type GenerateResult } from './contract.ts';
import { generateSchema } from './schema.ts';

const { id: task, defaults } = generateContract;

const handleGenerate = jobRoute({
  task,
  kind: 'answer',
  schema: generateSchema,
  defaultsOf: ({ decoding }) => {
    const { temperature, topP } = { ...defaults, ...decoding };
    return { temperature, topP };
  },
  resultOf: ({ id: model }, [segment], timing): GenerateResult => {
    const { source: prompt, text, tokens, logProb } = segment!;
    return { model, prompt, text, tokens, logProb, timing };
  },
});

const generateResult = z.strictObject({
  model: text,
  prompt: text,
  text,
  tokens: z.array(scoredToken),
  logProb: number,
  timing,
}) satisfies z.ZodType<GenerateResult>;

export const generateRoutes: ModeRoutes = {
  routes: { '/api/v1/generate': { POST: handleGenerate } },
  paths: {
    '/api/v1/generate': {
      post: {
        summary: 'Go on from a prompt with a language model',
        requestBody: body(generateSchema),
        responses: streamed(
          'GenerateResult',
          '`queued` (again whenever fewer or more are before), `start`, `token`, `segment`, then `done` or `error`',
        ),
      },
    },
  },
  schemas: { GenerateResult: generateResult },
  result: generateResult,
};
