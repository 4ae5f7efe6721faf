// Small helpers around node:http: security headers, JSON answers, and reading a bounded JSON body.
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../api/errors.ts';
import { maxBodyBytes } from '../api/limits.ts';

/** Headers on every answer. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), browsing-topics=()');
}

/** The page's policy: only our own files, and inline scripts that carry this answer's nonce. */
export function contentSecurityPolicy(nonce: string, development = false): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  });
  response.end(bytes);
}

/** Answers with `{error: {code, message}}`. A 499 client has gone, so nothing is sent. */
export function sendError(response: ServerResponse, error: ApiError): void {
  if (response.destroyed || error.status === 499) {
    response.destroy();
    return;
  }
  if (error.retryAfter !== undefined) response.setHeader('Retry-After', String(error.retryAfter));
  sendJson(response, error.status, { error: { code: error.code, message: error.message } });
}

/** Begins an answer of server-sent events; what it gives back sends one. */
export function openEvents(response: ServerResponse): (event: { type: string }) => void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  return (event) => {
    if (!response.destroyed) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
}

/** Answers on a bare socket, for what Node.js could not read as a request, and closes it. */
export function sendRawError(socket: Duplex, status: number, code: string, message: string): void {
  const body = `${JSON.stringify({ error: { code, message } })}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Turns anything thrown into an ApiError. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  console.error('A request failed:', error);
  return new ApiError(500, 'internal_error', 'Something went wrong on our side; please report what you did');
}

/** Milliseconds without news after which a client that was told a longer body has nothing more to send. */
const pause = 500;

/** Drops the rest of a body: closing a connection that still receives would take the answer from its client. */
function drain(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pause);
    request.on('data', () => timer.refresh());
    request.once('close', resolve).once('end', resolve);
    if (request.readableEnded || request.destroyed) resolve();
  });
}

/** Reads a JSON body of at most `maxBytes`; refuses other types, broken UTF-8 and broken JSON. */
export async function readJson(request: IncomingMessage, maxBytes: number = maxBodyBytes): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ApiError(
      415,
      'unsupported_type',
      `Content-Type must be application/json, got ${type || 'none'}; set that header`,
    );
  const tooLarge = () =>
    new ApiError(
      413,
      'body_too_large',
      `The body must be at most ${maxBytes} bytes; send less text at a time`,
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    await drain(request);
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof ApiError))
      throw new ApiError(499, 'cancelled', 'The client went away; send it again');
    await drain(request);
    throw error;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ApiError(400, 'invalid_utf8', 'The body is not valid UTF-8; encode it as UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not valid JSON; check quotes and commas');
  }
}
