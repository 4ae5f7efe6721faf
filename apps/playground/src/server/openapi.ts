// The OpenAPI description, made from the same schemas that validate requests.
import { z } from 'zod';
import {
  attentionSchema,
  generateSchema,
  probabilitiesSchema,
  scoreSchema,
  translateSchema,
} from '../api/schema.ts';
import { trainSchema } from '../api/trainSchema.ts';

const jsonOf = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
};

const error = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

const object = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
});

const refusals = {
  '400': error('The body is not JSON, or a value is out of range; the message names the field.'),
  '413': error('The body is too large.'),
  '415': error('The body is not application/json.'),
};

/** Answers of a route to a model; `events` are the names of its stream's events. */
const streamed = (events: string) => ({
  '200': {
    description: `With \`stream: true\`, server-sent events: ${events}. With \`stream: false\`, the data of \`done\` as JSON.`,
    content: {
      'text/event-stream': { schema: { type: 'string' } },
      'application/json': { schema: { type: 'object' } },
    },
  },
  ...refusals,
  '404': error('There is no such model.'),
  '422': error('The model cannot take this text; the message says why.'),
  '429': error('This client has too many requests waiting; see Retry-After.'),
  '503': error('The queue is full, or no model is loaded; see Retry-After.'),
});

const runId = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const unknownRun = { '404': error('There is no such run.') };

/** The document served at /api/v1/openapi.json. */
export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'd2l.ts playground',
    version: '1',
    description:
      'Translate and generate with the local models, and train small ones: the model `train/ID@STEP` is a run’s at a checkpoint. Errors are `{error: {code, message}}`; the message says what to do.',
  },
  paths: {
    '/api/v1/translate': {
      post: {
        summary: 'Translate a text, line by line',
        requestBody: { required: true, content: { 'application/json': { schema: jsonOf(translateSchema) } } },
        responses: streamed(
          '`queued`, `start`, `token` (greedy, sampling) or `step` (beam), `segment` (a finished line), then `done` or `error`',
        ),
      },
    },
    '/api/v1/generate': {
      post: {
        summary: 'Go on from a prompt with a language model',
        requestBody: { required: true, content: { 'application/json': { schema: jsonOf(generateSchema) } } },
        responses: streamed('`queued`, `start`, `token`, `segment`, then `done` or `error`'),
      },
    },
    '/api/v1/attention': {
      post: {
        summary:
          'How a model attended while it gave an answer: every layer and head, from a pass over the given tokens',
        requestBody: { required: true, content: { 'application/json': { schema: jsonOf(attentionSchema) } } },
        responses: {
          ...streamed('none'),
          '200': object(
            'The model and its maps: `kind` (cross, source, target, self), `rows`, `columns`, `layers[layer][head][row][column]`.',
          ),
        },
      },
    },
    '/api/v1/probabilities': {
      post: {
        summary:
          'What else a translator held probable at each position of an answer, found with a beam or otherwise: one pass over the given tokens',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: jsonOf(probabilitiesSchema) } },
        },
        responses: {
          ...streamed('none'),
          '200': object('The model and the tokens, each with the likeliest in its place.'),
        },
      },
    },
    '/api/v1/score': {
      post: {
        summary: 'Score an output against a reference with BLEU, chrF and TER',
        requestBody: { required: true, content: { 'application/json': { schema: jsonOf(scoreSchema) } } },
        responses: { '200': object('Scores with their signatures.'), ...refusals },
      },
    },
    '/api/v1/models': {
      get: {
        summary: 'The models, with the newest of each training run, and default settings',
        parameters: [
          {
            name: 'include',
            in: 'query',
            description:
              'Checkpoints to list as well, `train/ID@STEP`; those that do not exist are left out.',
            schema: { type: 'array', items: { type: 'string' }, maxItems: 8 },
          },
        ],
        responses: { '200': object('Model cards.') },
      },
    },
    '/api/v1/train': {
      get: {
        summary: 'All training runs, newest first, and the bounds on them',
        responses: { '200': object('Runs with their curves and checkpoints.') },
      },
      post: {
        summary: 'Train a small model on pasted pairs, pasted text or embedded names of emoji',
        requestBody: { required: true, content: { 'application/json': { schema: jsonOf(trainSchema) } } },
        responses: {
          '201': object('The run.'),
          ...refusals,
          '409': error('A run is training already, or too many are kept; the message says what to do.'),
        },
      },
    },
    '/api/v1/train/{id}': {
      parameters: [runId],
      get: {
        summary: 'One run',
        responses: { '200': object('The run with its curves and checkpoints.'), ...unknownRun },
      },
      delete: {
        summary: 'Delete a run and its checkpoints',
        responses: { '200': object('`{deleted: id}`.'), ...unknownRun, '409': error('It is training.') },
      },
    },
    '/api/v1/train/{id}/events': {
      parameters: [runId],
      get: {
        summary: 'Watch a run',
        responses: {
          '200': {
            description:
              'Server-sent events until it ends: `run` (the whole of it), then `start`, `progress`, `train`, `heldOut`, `checkpoints` and `status`.',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
          ...unknownRun,
          '429': error('Too many pages watch; see Retry-After.'),
        },
      },
    },
    ...Object.fromEntries(
      [
        ['pause', 'End after the current step, with a checkpoint to go on from', '202'],
        ['resume', 'Go on with a paused run from where it was', '200'],
        ['stop', 'End a run for good; its checkpoints stay', '202'],
      ].map(([verb, summary, status]) => [
        `/api/v1/train/{id}/${verb}`,
        {
          parameters: [runId],
          post: {
            summary,
            responses: {
              [status!]: object('The run.'),
              ...unknownRun,
              '409': error('Not now; the message says why.'),
            },
          },
        },
      ]),
    ),
    '/api/v1/openapi.json': {
      get: { summary: 'This document', responses: { '200': object('OpenAPI 3.1.') } },
    },
    '/api/health': {
      get: { summary: 'Whether the server can translate', responses: { '200': object('Status.') } },
    },
  },
  components: {
    schemas: {
      Error: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message'],
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
};
