// The routes under /api: which handler answers what, and every refusal that is not a handler's own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api/errors.ts';
import type { ModelList } from '../api/types.ts';
import { engineFailed } from '../engine/host.ts';
import { contracts } from '../modes/contracts.ts';
import { modeRoutes } from '../modes/routes.ts';
import { handleAttention } from './attention.ts';
import { openapi } from './openapi.ts';
import type { Handler, Routes, Services } from './routes.ts';
import { sendError, sendJson, toApiError } from './respond.ts';

/** Checkpoints that a page may ask for by name: one for each mode, and one to open. */
const mostIncluded = 8;

const handleModels: Handler = async ({ engine: host, training }, request, response) => {
  await host.settled;
  if (host.status === 'failed') throw engineFailed(host.reason);
  const included = new URL(request.url!, 'http://localhost').searchParams.getAll('include');
  const trained = (await (await training)?.models(included.slice(0, mostIncluded))) ?? [];
  const models = [...(host.info?.models ?? []), ...trained];
  const { id: mode, defaults } = contracts[0]!;
  const first = models.find(({ task }) => task === mode);
  const list: ModelList = {
    models,
    default: first?.id ?? null,
    defaults: { ...defaults, ...first?.decoding },
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
export const routes: Routes = {
  ...Object.assign({}, ...modeRoutes.map((mode) => mode.routes)),
  '/api/v1/attention': { POST: handleAttention },
  '/api/v1/models': { GET: handleModels },
  '/api/v1/openapi.json': { GET: (_host, _request, response) => sendJson(response, 200, openapi) },
  '/api/health': { GET: handleHealth },
};

const patterns = Object.entries(routes).map(([path, route]) => ({
  pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replace('{id}', '([^/]+)')}$`),
  route,
}));

/** The route of a path, and what its `{id}` stands for. */
function findRoute(path: string): { route: Routes[string]; id: string } | undefined {
  for (const { pattern, route } of patterns) {
    const match = pattern.exec(path);
    if (match) return { route, id: match[1] ?? '' };
  }
  return undefined;
}

/** Answers every request whose path is /api or below. */
export async function handleApi(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = (request.url ?? '/').split('?')[0]!;
    const found = findRoute(path);
    if (!found)
      throw new ApiError(404, 'not_found', 'There is nothing here; see /api/v1/openapi.json for the routes');
    const { route, id } = found;
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
