// The HTTP server: the API by our own handlers, everything else by Next.js, with headers and time limits on both.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../api/errors.ts';
import type { EngineHost } from '../engine/host.ts';
import type { TrainHost } from '../training/trainHost.ts';
import { handleApi, isApiPath } from './api.ts';
import { contentSecurityPolicy, sendError, sendRawError, setSecurityHeaders } from './respond.ts';

/** Renders the page and its files. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Settings of the server. */
export interface AppOptions {
  /** Whether the page is served with hot reloading, which needs a laxer policy. */
  development?: boolean;
  /** Whether only this machine may call, so that a request for another host's name is refused. */
  localOnly?: boolean;
  /** Milliseconds that a request may take to arrive. */
  requestTimeout?: number;
  /** What trains, once it is there; without it the routes of training answer 503. */
  training?: Promise<TrainHost | undefined>;
}

/** Whether a Host header names this machine: a foreign name that leads here comes from a page's DNS trick. */
function isLocalHost(host = ''): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(host);
}

/** Whether a request comes from a page of this origin, or from no page at all (curl, a script). */
function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (request.headers['sec-fetch-site'] === 'cross-site') return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** A path that decodes, with no control characters, backslashes or steps upwards. */
function isCleanPath(url: string): boolean {
  try {
    const path = decodeURIComponent(url.split('?')[0]!);
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    return path.startsWith('/') && !/[\u0000-\u001f\\]|(^|\/)\.\.?(\/|$)/.test(path);
  } catch {
    return false;
  }
}

/** Makes the server; `page` is undefined in tests of the API alone. */
export function createApp(
  host: EngineHost,
  page?: PageHandler,
  { development = false, localOnly = true, requestTimeout = 20_000, training }: AppOptions = {},
): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '/';
    setSecurityHeaders(response);
    if (localOnly && !isLocalHost(request.headers.host))
      return sendError(
        response,
        new ApiError(
          403,
          'unknown_host',
          'This server answers to localhost only; to let other names and machines in, start it with --host 0.0.0.0',
        ),
      );
    if (!isCleanPath(url))
      return sendError(response, new ApiError(400, 'bad_path', 'The path is not valid; start from /'));
    if (isApiPath(url)) {
      if (!isSameOrigin(request))
        return sendError(
          response,
          new ApiError(
            403,
            'cross_origin',
            'Pages of other sites may not call this API; open the page of this server',
          ),
        );
      return handleApi({ engine: host, training }, request, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET');
      return sendError(response, new ApiError(405, 'method_not_allowed', 'Pages can only be read; use GET'));
    }
    if (!page)
      return sendError(
        response,
        new ApiError(404, 'not_found', 'This server has no page; use the routes below /api/v1'),
      );
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), development);
    // Next.js takes the nonce for its inline scripts from the request's header.
    request.headers['content-security-policy'] = policy;
    response.setHeader('Content-Security-Policy', policy);
    return page(request, response);
  };

  /** The last answer of each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const settings = { connectionsCheckingInterval: requestTimeout / 10, requireHostHeader: false };
  const server = createServer(settings, (request, response) => {
    answers.set(request.socket, response);
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else
        sendError(
          response,
          new ApiError(500, 'internal_error', 'Something went wrong on our side; reload the page'),
        );
    });
  });
  server.headersTimeout = requestTimeout / 2;
  server.requestTimeout = requestTimeout;
  // Longer than clients keep an idle connection: one that they use just as it is closed gives them ECONNRESET.
  server.keepAliveTimeout = 75_000;
  server.maxConnections = 512;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket);
    const underWay = answer?.headersSent && !answer.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || underWay) socket.destroy();
    else refuseUnreadable(error, socket);
  });
  server.on('connect', (_request, socket) =>
    sendRawError(socket, 405, 'method_not_allowed', 'This is not a proxy; use GET or POST'),
  );
  server.on('checkExpectation', (_request, response) =>
    sendError(
      response,
      new ApiError(417, 'expectation_failed', 'This Expect header cannot be met; send none, or 100-continue'),
    ),
  );
  return server;
}

/** Says what was wrong with something that is no HTTP request. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    sendRawError(socket, 408, 'request_timeout', 'The request took too long to arrive; send it again');
  else if (error.code === 'HPE_HEADER_OVERFLOW')
    sendRawError(socket, 431, 'headers_too_large', 'The headers are too large; send fewer or shorter ones');
  else sendRawError(socket, 400, 'bad_request', 'The request could not be read; check it and try again');
}
