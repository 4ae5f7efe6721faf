// The routes under /api: which handler answers what, and every refusal that is not a handler's own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api/errors.ts';
import { defaultSettings } from '../api/limits.ts';
import type { ModelList } from '../api/types.ts';
import { engineFailed } from '../engine/host.ts';
import { handleAttention } from './attention.ts';
import { handleGenerate } from './generate.ts';
import { openapi } from './openapi.ts';
import { handleProbabilities } from './probabilities.ts';
import type { Handler, Services } from './routes.ts';
import {
  handleTrainEvents,
  handleTrainList,
  handleTrainPause,
  handleTrainRemove,
  handleTrainResume,
  handleTrainRun,
  handleTrainStart,
  handleTrainStop,
} from './train.ts';
import { sendError, sendJson, toApiError } from './respond.ts';
import { handleScore } from './score.ts';
import { handleTranslate } from './translate.ts';

/** Checkpoints that a page may ask for by name: one for each mode, and one to open. */
const mostIncluded = 8;

const handleModels: Handler = async ({ engine: host, training }, request, response) => {
  await host.settled;
  if (host.status === 'failed') throw engineFailed(host.reason);
  const included = new URL(request.url!, 'http://localhost').searchParams.getAll('include');
  const trained = (await (await training)?.models(included.slice(0, mostIncluded))) ?? [];
  const models = [...(host.info?.models ?? []), ...trained];
  const first = models.find(({ task }) => task === 'translate');
  const list: ModelList = {
    models,
    default: first?.id ?? null,
    defaults: { ...defaultSettings, ...first?.decoding },
  };
  sendJson(response, 200, list);
};

const handleHealth: Handler = ({ engine: host }, _request, response) => {
  const { status, reason, info, load, restarts, memory } = host;
  const { rss, heapUsed } = process.memoryUsage();
  sendJson(response, status === 'failed' ? 503 : 200, {
    status,
    ...(reason === undefined ? {} : { reason }),
    backend: info?.backend ?? null,
    models: info?.models.map(({ id }) => id) ?? [],
    loadMilliseconds: info?.milliseconds ?? null,
    queue: load,
    restarts,
    uptimeSeconds: Math.round(process.uptime()),
    memory: { residentBytes: rss, heapBytes: heapUsed, ...memory },
  });
};

/** Handlers by path and method. */
export const routes: Record<string, Record<string, Handler>> = {
  '/api/v1/translate': { POST: handleTranslate },
  '/api/v1/generate': { POST: handleGenerate },
  '/api/v1/attention': { POST: handleAttention },
  '/api/v1/probabilities': { POST: handleProbabilities },
  '/api/v1/score': { POST: (_host, request, response) => handleScore(request, response) },
  '/api/v1/models': { GET: handleModels },
  '/api/v1/train': { GET: handleTrainList, POST: handleTrainStart },
  '/api/v1/train/{id}': { GET: handleTrainRun, DELETE: handleTrainRemove },
  '/api/v1/train/{id}/events': { GET: handleTrainEvents },
  '/api/v1/train/{id}/pause': { POST: handleTrainPause },
  '/api/v1/train/{id}/resume': { POST: handleTrainResume },
  '/api/v1/train/{id}/stop': { POST: handleTrainStop },
  '/api/v1/openapi.json': { GET: (_host, _request, response) => sendJson(response, 200, openapi) },
  '/api/health': { GET: handleHealth },
};

/** Answers every request whose path is /api or below. */
export async function handleApi(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = (request.url ?? '/').split('?')[0]!;
    const id = /^\/api\/v1\/train\/([^/]+)/.exec(path)?.[1] ?? '';
    const pattern = id === '' ? path : path.replace(`/${id}`, '/{id}');
    const route = Object.hasOwn(routes, pattern) ? routes[pattern] : undefined;
    if (!route)
      throw new ApiError(404, 'not_found', 'There is nothing here; see /api/v1/openapi.json for the routes');
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const handler = Object.hasOwn(route, method) ? route[method] : undefined;
    if (!handler) {
      response.setHeader('Allow', Object.keys(route).join(', '));
      throw new ApiError(
        405,
        'method_not_allowed',
        `This route does not take ${request.method}; use ${Object.keys(route).join(' or ')}`,
      );
    }
    await handler(services, request, response, id);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendError(response, toApiError(error));
  }
}

/** Whether a path belongs to handleApi. */
export const isApiPath = (url: string): boolean => /^\/api(?:[/?]|$)/.test(url);
