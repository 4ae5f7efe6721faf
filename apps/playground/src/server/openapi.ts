// The OpenAPI description, made from the schemas that validate requests and those that answers must fit; modes add their own.
import { z } from 'zod';
import { answers, streamEventOf } from '../api/answers.ts';
import { attentionSchema } from '../api/schema.ts';
import { modeRoutes } from '../modes/routes.ts';
import { body, error, everywhere, json, toModel } from './describe.ts';

const schemas: Record<string, z.ZodType> = {
  ...answers,
  ...Object.assign({}, ...modeRoutes.map(({ schemas }) => schemas)),
  StreamEvent: streamEventOf(modeRoutes.flatMap(({ result }) => result ?? [])),
};

/** The answers' schemas, which refer to each other. */
function componentsOf(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const described = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(described.schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

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
    ...Object.assign({}, ...modeRoutes.map(({ paths }) => paths)),
    '/api/v1/attention': {
      post: {
        summary:
          'How a model attended while it gave an answer: every layer and head, from a pass over the given tokens',
        requestBody: body(attentionSchema),
        responses: { '200': json('AttentionResult', 'The model and its maps.'), ...toModel },
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
