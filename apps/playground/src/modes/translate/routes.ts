// The routes of translation: the translation itself, what else was probable along one, and its score.
import { z } from 'zod';
import { count, number, outputToken, segment, text, timing } from '../../api/answers.ts';
import { validate } from '../../api/schema.ts';
import { body, json, streamed, toModel, withBody } from '../../server/describe.ts';
import { jobRoute } from '../../server/jobRoute.ts';
import { readJson, sendJson } from '../../server/respond.ts';
import type { Handler, ModeRoutes } from '../../server/routes.ts';
import {
  translateContract,
  type ProbabilitiesResult,
  type ScoreResult,
  type TranslateResult,
} from './contract.ts';
import { probabilitiesSchema, scoreSchema, translateSchema } from './schema.ts';
import { scoreText } from './score.ts';

const { id: task, defaults } = translateContract;

const handleTranslate = jobRoute({
  task,
  kind: 'answer',
  schema: translateSchema,
  defaultsOf: ({ decoding }) => ({
    beam: defaults.beam,
    lengthPenalty: defaults.lengthPenalty,
    ...decoding,
  }),
  resultOf: ({ id: model }, segments, timing): TranslateResult => ({
    model,
    translation: segments.map((segment) => segment.text).join('\n'),
    segments,
    timing,
  }),
});

const handleProbabilities = jobRoute({
  task,
  kind: 'probabilities',
  schema: probabilitiesSchema,
  resultOf: ({ id: model }, [segment]): ProbabilitiesResult => ({ model, tokens: segment!.outputs! }),
});

const handleScore: Handler = async (_services, request, response) => {
  const { hypothesis, reference, target } = validate(scoreSchema, await readJson(request));
  sendJson(response, 200, scoreText(hypothesis, reference, target));
};

const translateResult = z.strictObject({
  model: text,
  translation: text,
  segments: z.array(segment),
  timing,
}) satisfies z.ZodType<TranslateResult>;
const probabilitiesResult = z.strictObject({
  model: text,
  tokens: z.array(outputToken),
}) satisfies z.ZodType<ProbabilitiesResult>;
const scoreResult = z.strictObject({
  scores: z.array(z.strictObject({ name: text, value: number, signature: text })),
  tokens: z.array(
    z.strictObject({ text, match: count.describe('The longest n-gram through it that the reference has.') }),
  ),
}) satisfies z.ZodType<ScoreResult>;

export const translateRoutes: ModeRoutes = {
  routes: {
    '/api/v1/translate': { POST: handleTranslate },
    '/api/v1/probabilities': { POST: handleProbabilities },
    '/api/v1/score': { POST: handleScore },
  },
  paths: {
    '/api/v1/translate': {
      post: {
        summary: 'Translate a text, line by line',
        requestBody: body(translateSchema),
        responses: streamed(
          'TranslateResult',
          '`queued` (again whenever fewer or more are before), `start`, `token` (greedy, sampling) or `step` (beam), `segment` (a finished line), then `done` or `error`',
        ),
      },
    },
    '/api/v1/probabilities': {
      post: {
        summary:
          'What else a translator held probable at each position of an answer, found with a beam or otherwise: one pass over the given tokens',
        requestBody: body(probabilitiesSchema),
        responses: {
          '200': json('ProbabilitiesResult', 'The tokens, each with the likeliest in its place.'),
          ...toModel,
        },
      },
    },
    '/api/v1/score': {
      post: {
        summary: 'Score an output against a reference with BLEU, chrF and TER',
        requestBody: body(scoreSchema),
        responses: { '200': json('ScoreResult', 'Scores with their signatures.'), ...withBody },
      },
    },
  },
  schemas: {
    TranslateResult: translateResult,
    ProbabilitiesResult: probabilitiesResult,
    ScoreResult: scoreResult,
  },
  result: translateResult,
};
