// The HTTP server: the API by our own handlers, everything else by Next.js, with headers and time limits on both.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError } from '../api/errors.ts';
import type { EngineHost } from '../engine/host.ts';
import type { TrainHost } from '../training/trainHost.ts';
import { handleApi, isApiPath } from './api.ts';
import { contentSecurityPolicy, sendError, setSecurityHeaders } from './respond.ts';

/** Renders the page and its files. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

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
  options: { development?: boolean; training?: Promise<TrainHost> } = {},
): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '/';
    setSecurityHeaders(response);
    if (!isCleanPath(url))
      return sendError(response, new ApiError(400, 'bad_path', 'The path is not valid; start from /'));
    if (isApiPath(url)) {
      if (!isSameOrigin(request))
        return sendError(
          response,
          new ApiError(403, 'cross_origin', 'Pages of other sites may not call this API'),
        );
      return handleApi({ engine: host, training: options.training }, request, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET');
      return sendError(response, new ApiError(405, 'method_not_allowed', 'Pages can only be read with GET'));
    }
    if (!page) return sendError(response, new ApiError(404, 'not_found', 'There is no page in this server'));
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), options.development);
    // Next.js takes the nonce for its inline scripts from the request's header.
    request.headers['content-security-policy'] = policy;
    response.setHeader('Content-Security-Policy', policy);
    return page(request, response);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else
        sendError(
          response,
          new ApiError(500, 'internal_error', 'Something went wrong on our side; reload the page'),
        );
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 512;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : '400 Bad Request';
    const body = JSON.stringify({
      error: { code: 'bad_request', message: 'The request could not be read; check it and try again' },
    });
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  return server;
}
