// The routes under /api: which handler answers what, and every refusal that is not a handler's own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api/errors.ts';
import { defaultSettings } from '../api/limits.ts';
import type { ModelList } from '../api/types.ts';
import type { EngineHost } from '../engine/host.ts';
import { handleGenerate } from './generate.ts';
import { openapi } from './openapi.ts';
import { sendError, sendJson, toApiError } from './respond.ts';
import { handleScore } from './score.ts';
import { handleTranslate } from './translate.ts';

type Handler = (host: EngineHost, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const handleModels: Handler = async (host, _request, response) => {
  await host.settled;
  if (host.status === 'failed')
    throw new ApiError(503, 'engine_failed', `The models could not be loaded: ${host.reason}`);
  const models = host.info?.models ?? [];
  const first = models.find(({ task }) => task === 'translate');
  const list: ModelList = {
    models,
    default: first?.id ?? null,
    defaults: { ...defaultSettings, ...first?.decoding },
  };
  sendJson(response, 200, list);
};

const handleHealth: Handler = (host, _request, response) => {
  const { status, reason, info, load, restarts } = host;
  sendJson(response, status === 'failed' ? 503 : 200, {
    status,
    ...(reason === undefined ? {} : { reason }),
    backend: info?.backend ?? null,
    models: info?.models.map(({ id }) => id) ?? [],
    loadMilliseconds: info?.milliseconds ?? null,
    queue: load,
    restarts,
    uptimeSeconds: Math.round(process.uptime()),
    memoryMegabytes: Math.round(process.memoryUsage().rss / 1e6),
  });
};

const routes: Record<string, Record<string, Handler>> = {
  '/api/v1/translate': { POST: handleTranslate },
  '/api/v1/generate': { POST: handleGenerate },
  '/api/v1/score': { POST: (_host, request, response) => handleScore(request, response) },
  '/api/v1/models': { GET: handleModels },
  '/api/v1/openapi.json': { GET: (_host, _request, response) => sendJson(response, 200, openapi) },
  '/api/health': { GET: handleHealth },
};

/** Answers every request whose path is /api or below. */
export async function handleApi(
  host: EngineHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = (request.url ?? '/').split('?')[0]!;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route)
      throw new ApiError(404, 'not_found', 'There is nothing here; /api/v1/openapi.json lists the routes');
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const handler = Object.hasOwn(route, method) ? route[method] : undefined;
    if (!handler) {
      response.setHeader('Allow', Object.keys(route).join(', '));
      throw new ApiError(
        405,
        'method_not_allowed',
        `Use ${Object.keys(route).join(' or ')} here, got ${request.method}`,
      );
    }
    await handler(host, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendError(response, toApiError(error));
  }
}

/** Whether a path belongs to handleApi. */
export const isApiPath = (url: string): boolean => /^\/api(?:[/?]|$)/.test(url);
