// What is no proper request, or comes from where it must not, is refused with a reason.
import { connect, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEchoEngine } from '../../test/echoEngine.ts';
import { threadOf } from '../../test/threads.ts';
import { EngineHost } from '../engine/host.ts';
import { createApp } from './app.ts';

const host = new EngineHost(() => threadOf(createEchoEngine()));
const app = createApp(host);
const impatient = createApp(host, undefined, { requestTimeout: 100 });
const apps = [app, impatient];

const listen = (server: Server) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
beforeAll(() => Promise.all(apps.map(listen)));
afterAll(async () => {
  for (const server of apps) {
    server.closeAllConnections();
    server.close();
  }
  await host.close();
});
const open = (server: Server) => connect((server.address() as AddressInfo).port, '127.0.0.1');

/** Sends bytes as they are, piece by piece, and gives back everything answered until the server closes. */
const send = (server: Server, ...pieces: string[]) =>
  new Promise<string>((resolve) => {
    let answer = '';
    const socket = open(server);
    socket.on('data', (data) => (answer += data));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer += error.message));
    for (const piece of pieces) socket.write(piece);
  });

const head = (line: string, ...headers: string[]) =>
  `${[`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;
const json = 'Content-Type: application/json';

test.each([
  ['another host’s name', ['GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n'], 403, 'unknown_host'],
  ['no host', ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n'], 403, 'unknown_host'],
  ['nonsense', ['NONSENSE\r\n\r\n'], 400, 'bad_request'],
  ['a proxy’s method', ['CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n'], 405, 'method_not_allowed'],
  ['large headers', [head('GET /', `Cookie: ${'a'.repeat(40_000)}`)], 431, 'headers_too_large'],
  ['an expectation', [head('GET /api/health', 'Expect: cookies')], 417, 'expectation_failed'],
  [
    'a large body whose length is told',
    [head('POST /api/v1/score', json, 'Content-Length: 9000000'), 'x'.repeat(8_000_000)],
    413,
    'body_too_large',
  ],
  [
    'a large body in chunks',
    [head('POST /api/v1/score', json, 'Transfer-Encoding: chunked'), `7a1200\r\n${'x'.repeat(7_999_999)}`],
    413,
    'body_too_large',
  ],
])('refuses %s', async (_name, pieces, status, code) => {
  const answer = await send(app, ...pieces);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain(`{"error":{"code":"${code}","message":"`);
  expect(answer).not.toContain('ECONNRESET');
});

test.each([
  ['headers', ['GET / HTTP/1.1\r\nHost: localh']],
  ['a body', [head('POST /api/v1/score', json, 'Content-Length: 9'), '{']],
])('gives up on %s that never arrive', async (_name, pieces) => {
  expect(await send(impatient, ...pieces)).toMatch(/^HTTP\/1.1 408 .*"request_timeout"/s);
});

test('garbage behind a stream under way ends the connection, and is not answered in the middle of it', async () => {
  const body = JSON.stringify({ text: 'word '.repeat(300), strategy: 'greedy' });
  const answer = await new Promise<string>((resolve) => {
    let answer = '';
    const socket = open(app);
    socket.write(head('POST /api/v1/translate', json, `Content-Length: ${body.length}`) + body);
    socket.once('data', () => socket.write('NONSENSE\r\n\r\n'));
    socket.on('data', (data) => (answer += data));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
  expect(answer).toContain('event: start');
  expect(answer).not.toContain('bad_request');
});
