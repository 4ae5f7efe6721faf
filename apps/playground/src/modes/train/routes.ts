// /api/v1/train: start, watch, pause, resume, stop and delete training runs; and their description.
import { z } from 'zod';
import { count, errorShape, event, number, optional, text } from '../../api/answers.ts';
import { ApiError } from '../../api/errors.ts';
import {
  maxTrainBodyBytes,
  trainArchitectures,
  trainLimits,
  trainSizes,
  type TrainEvent,
  type TrainList,
  type TrainPoint,
  type TrainRun,
  trainTasks,
} from '../../api/train.ts';
import { body, error, events, everywhere, json, withBody } from '../../server/describe.ts';
import { openEvents, readJson, sendJson } from '../../server/respond.ts';
import type { Handler, ModeRoutes, Services } from '../../server/routes.ts';
import type { TrainHost } from '../../training/trainHost.ts';
import { parseTrainRequest, trainSchema } from './schema.ts';

/** Milliseconds between comments that keep a quiet stream open. */
const heartbeat = 15_000;

async function trainingOf({ training }: Services): Promise<TrainHost> {
  const host = await training;
  if (!host) throw new ApiError(503, 'no_training', 'This server does not train; start it with `npm start`');
  await host.ready;
  return host;
}

const handleTrainList: Handler = async (services, _request, response) => {
  const list: TrainList = { runs: (await trainingOf(services)).list(), limits: trainLimits };
  sendJson(response, 200, list);
};

const handleTrainStart: Handler = async (services, request, response) => {
  const host = await trainingOf(services);
  const wanted = parseTrainRequest(await readJson(request, maxTrainBodyBytes));
  sendJson(response, 201, await host.start(wanted));
};

const handleTrainRun: Handler = async (services, _request, response, id) =>
  sendJson(response, 200, (await trainingOf(services)).get(id));

const handleTrainRemove: Handler = async (services, _request, response, id) => {
  await (await trainingOf(services)).remove(id);
  sendJson(response, 200, { deleted: id });
};

const handleTrainResume: Handler = async (services, _request, response, id) =>
  sendJson(response, 200, await (await trainingOf(services)).resume(id));

const handleTrainPause: Handler = async (services, _request, response, id) =>
  sendJson(response, 202, await (await trainingOf(services)).end(id, 'pause'));

const handleTrainStop: Handler = async (services, _request, response, id) =>
  sendJson(response, 202, await (await trainingOf(services)).end(id, 'stop'));

/** Tells the run and then what changes, until the client goes away or the run has ended. */
const handleTrainEvents: Handler = async (services, request, response, id) => {
  const host = await trainingOf(services);
  host.get(id);
  if (request.method === 'HEAD') return void response.end();
  let tell: ReturnType<typeof openEvents> | undefined;
  const unwatch = host.watch(id, (event) => {
    tell ??= openEvents(response);
    tell(event);
    if (host.get(id).status !== 'running' && (event.type === 'status' || event.type === 'run'))
      response.end();
  });
  const timer = setInterval(() => response.write(': still here\n\n'), heartbeat);
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
    unwatch();
  });
};

const status = z.enum(['running', 'paused', 'done', 'stopped', 'failed']);
const point = z.strictObject({
  step: count,
  loss: number.describe('Nats a token.'),
  bleu: optional(number),
}) satisfies z.ZodType<TrainPoint>;
const trainRun = z.strictObject({
  id: text,
  status,
  task: z.enum(trainTasks),
  data: z.enum(['emoji', 'pairs', 'text']),
  dataSize: count,
  settings: z.strictObject({
    architecture: z.enum(trainArchitectures),
    size: z.enum(trainSizes),
    target: text,
    steps: count,
    learningRate: number,
    seed: count,
  }),
  createdAt: count.describe('Milliseconds since 1970.'),
  parameters: count.nullable(),
  step: count,
  elapsed: number.describe('Seconds of training.'),
  tokensPerSecond: number,
  train: z.array(point),
  heldOut: z.array(point),
  checkpoints: z.array(count),
  signature: optional(text),
  error: optional(errorShape),
}) satisfies z.ZodType<TrainRun>;
const trainList = z.strictObject({
  runs: z.array(trainRun),
  limits: z.record(text, z.union([number, z.tuple([number, number])])),
}) as unknown as z.ZodType<TrainList>;
const trainEvent = z.union([
  event('run', { run: trainRun }),
  event('start', { parameters: count, signature: optional(text) }),
  event('progress', { step: count, elapsed: number, tokensPerSecond: number }),
  event('train', { point, elapsed: number }),
  event('heldOut', { point, elapsed: number }),
  event('checkpoints', { steps: z.array(count) }),
  event('status', { status, error: optional(errorShape) }),
]) satisfies z.ZodType<TrainEvent>;
const deleted = z.strictObject({ deleted: text });

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

export const trainRoutes: ModeRoutes = {
  routes: {
    '/api/v1/train': { GET: handleTrainList, POST: handleTrainStart },
    '/api/v1/train/{id}': { GET: handleTrainRun, DELETE: handleTrainRemove },
    '/api/v1/train/{id}/events': { GET: handleTrainEvents },
    '/api/v1/train/{id}/pause': { POST: handleTrainPause },
    '/api/v1/train/{id}/resume': { POST: handleTrainResume },
    '/api/v1/train/{id}/stop': { POST: handleTrainStop },
  },
  paths: {
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
  },
  schemas: { TrainRun: trainRun, TrainList: trainList, TrainEvent: trainEvent, Deleted: deleted },
};
