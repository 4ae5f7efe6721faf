// The OpenAPI description, made from the schemas that validate requests and those that answers must fit.
import { z } from 'zod';
import { answers } from '../api/answers.ts';
import {
  attentionSchema,
  generateSchema,
  probabilitiesSchema,
  scoreSchema,
  translateSchema,
} from '../api/schema.ts';
import { trainSchema } from '../api/trainSchema.ts';

type Answer = keyof typeof answers;

const reference = (name: Answer) => ({ $ref: `#/components/schemas/${name}` });

/** The answers' schemas, which refer to each other. */
function componentsOf(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(answers)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

const body = (schema: z.ZodType) => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return { required: true, content: { 'application/json': { schema: json } } };
};

const json = (name: Answer, description: string) => ({
  description,
  content: { 'application/json': { schema: reference(name) } },
});
const error = (description: string) => json('Error', description);

/** Each event's data is JSON with the event's name as its `type`. */
const events = (name: Answer) => ({
  schema: { type: 'string', contentMediaType: 'application/json', contentSchema: reference(name) },
});

/** What any route may answer. */
const everywhere = {
  '400': error('The path or the request is not valid; the message names what is wrong.'),
  '403': error('The request comes from another site’s page, or was sent to another name than this server’s.'),
  '405': error('The route does not take this method; see Allow.'),
  '408': error('The request took too long to arrive.'),
  '417': error('An Expect header that cannot be met.'),
  '431': error('The headers are too large.'),
  '500': error('A fault of the server.'),
};
/** What a route that reads a body may answer. */
const withBody = {
  ...everywhere,
  '413': error('The body is too large.'),
  '415': error('The body is not application/json.'),
};
/** What a route to a model may answer beside the result. */
const toModel = {
  ...withBody,
  '404': error('There is no such model.'),
  '422': error('The model cannot take this text; the message says why.'),
  '429': error('This client has too many requests waiting; see Retry-After.'),
  '503': error('The queue is full, or no model is loaded; see Retry-After.'),
};

/** Answers of a route that streams unless told not to; `told` are the names of its events. */
const streamed = (name: Answer, told: string) => ({
  '200': {
    description: `With \`stream: true\`, server-sent events: ${told}. With \`stream: false\`, the data of \`done\` as JSON.`,
    content: { 'text/event-stream': events('StreamEvent'), 'application/json': { schema: reference(name) } },
  },
  ...toModel,
});

const runId = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const toTraining = { ...everywhere, '503': error('This server does not train; see Retry-After.') };
const toRun = { ...toTraining, '404': error('There is no such run.') };

/** A route that tells a run what to do. */
const command = (summary: string, status: '200' | '202') => ({
  parameters: [runId],
  post: {
    summary,
    responses: {
      [status]: json('TrainRun', 'The run.'),
      ...toRun,
      '409': error('Not now; the message says why.'),
    },
  },
});

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
        requestBody: body(translateSchema),
        responses: streamed(
          'TranslateResult',
          '`queued`, `start`, `token` (greedy, sampling) or `step` (beam), `segment` (a finished line), then `done` or `error`',
        ),
      },
    },
    '/api/v1/generate': {
      post: {
        summary: 'Go on from a prompt with a language model',
        requestBody: body(generateSchema),
        responses: streamed(
          'GenerateResult',
          '`queued`, `start`, `token`, `segment`, then `done` or `error`',
        ),
      },
    },
    '/api/v1/attention': {
      post: {
        summary:
          'How a model attended while it gave an answer: every layer and head, from a pass over the given tokens',
        requestBody: body(attentionSchema),
        responses: { '200': json('AttentionResult', 'The model and its maps.'), ...toModel },
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
        responses: {
          '200': json('ModelList', 'Model cards.'),
          ...everywhere,
          '503': error('The models could not be loaded; see Retry-After.'),
        },
      },
    },
    '/api/v1/train': {
      get: {
        summary: 'All training runs, newest first, and the bounds on them',
        responses: { '200': json('TrainList', 'Runs with their curves and checkpoints.'), ...toTraining },
      },
      post: {
        summary: 'Train a small model on pasted pairs, pasted text or embedded names of emoji',
        requestBody: body(trainSchema),
        responses: {
          '201': json('TrainRun', 'The run.'),
          ...withBody,
          ...toTraining,
          '409': error('A run is training already, or too many are kept; the message says what to do.'),
        },
      },
    },
    '/api/v1/train/{id}': {
      parameters: [runId],
      get: {
        summary: 'One run',
        responses: { '200': json('TrainRun', 'The run with its curves and checkpoints.'), ...toRun },
      },
      delete: {
        summary: 'Delete a run and its checkpoints',
        responses: {
          '200': json('Deleted', 'The run’s id.'),
          ...toRun,
          '409': error('It is training; stop it first.'),
        },
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
            content: { 'text/event-stream': events('TrainEvent') },
          },
          ...toRun,
          '429': error('Too many pages watch; see Retry-After.'),
        },
      },
    },
    '/api/v1/train/{id}/pause': command('End after the current step, with a checkpoint to go on from', '202'),
    '/api/v1/train/{id}/resume': command('Go on with a paused run from where it was', '200'),
    '/api/v1/train/{id}/stop': command('End a run for good; its checkpoints stay', '202'),
    '/api/v1/openapi.json': {
      get: {
        summary: 'This document',
        responses: { '200': json('OpenApi', 'OpenAPI 3.1.'), ...everywhere },
      },
    },
    '/api/health': {
      get: {
        summary: 'Whether the server can translate',
        responses: {
          '200': json('Health', 'It can, or is about to.'),
          ...everywhere,
          '503': json('Health', 'The models could not be loaded; `reason` says why.'),
        },
      },
    },
  },
  components: { schemas: componentsOf() },
};
