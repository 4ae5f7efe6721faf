import * as fc from 'fast-check';
import { trainingBleu } from '@d2lts/cli';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEchoEngine } from '../../test/echoEngine.ts';
import { threadOf } from '../../test/threads.ts';
import type { StreamEvent } from '../api/types.ts';
import { EventParser } from '../chat/sse.ts';
import { EngineHost } from '../engine/host.ts';
import type { ScoreResult } from '../modes/translate/contract.ts';
import { createApp } from './app.ts';

const host = new EngineHost(() => threadOf(createEchoEngine(1)));
const page = createApp(
  host,
  async (request, response) => void response.end(String(request.headers['content-security-policy'])),
);
let origin = '';
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  port = (page.address() as { port: number }).port;
  origin = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  page.closeAllConnections();
  page.close();
  await host.close();
});

const post = (body: unknown, path = '/api/v1/translate', headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });

/** Sends bytes as they are and gives back everything answered. */
const raw = (text: string) =>
  new Promise<string>((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => (answer += data));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });

test('streams events that end with done', async () => {
  const response = await post({ text: 'ab cd', strategy: 'greedy' });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = new EventParser().push(await response.text()).map((data) => JSON.parse(data) as StreamEvent);
  expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'token', 'segment', 'done']);
  expect(events.at(-1)).toMatchObject({
    model: 'one',
    translation: 'ba dc',
    segments: [{ source: 'ab cd' }],
  });
});

test('goes on from a prompt, streaming or not, and refuses what it cannot do', async () => {
  const path = '/api/v1/generate';
  const events = new EventParser()
    .push(await (await post({ prompt: 'ab cd' }, path)).text())
    .map((data) => JSON.parse(data) as StreamEvent);
  expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'token', 'segment', 'done']);
  expect(events.at(-1)).toMatchObject({ model: 'writer', prompt: 'ab cd', text: 'ba dc' });
  const whole = await post({ prompt: 'ab cd', stream: false, maxTokens: 1 }, path);
  expect(await whole.json()).toMatchObject({ text: 'ba', tokens: [{ text: 'ba' }], logProb: -0.1 });
  const refused = async (body: object) => {
    const response = await post({ stream: false, ...body }, path);
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  expect(await refused({ prompt: '' })).toEqual([400, 'invalid_request']);
  expect(await refused({ prompt: 'a', temperature: -1 })).toEqual([400, 'invalid_request']);
  expect(await refused({ prompt: 'a', maxTokens: 1e9 })).toEqual([400, 'invalid_request']);
  expect(await refused({ prompt: 'a', strategy: 'beam' })).toEqual([400, 'invalid_request']);
  expect(await refused({ prompt: 'a', model: 'one' })).toEqual([404, 'unknown_model']);
  expect((await post({ text: 'a', model: 'writer' })).status).toBe(404);
});

test('answers one object without streaming, with attention when asked for', async () => {
  const response = await post({ text: 'ab cd', model: 'two', stream: false, attention: true });
  expect(await response.json()).toMatchObject({
    model: 'two',
    translation: 'ba dc',
    segments: [{ alternatives: { length: 3 }, attention: { kind: 'cross' } }],
    timing: { total: expect.any(Number) as number },
  });
});

test('tells how a model attended to given tokens', async () => {
  const attend = (body: object) => post(body, '/api/v1/attention');
  const response = await attend({ model: 'two', text: 'ab cd', tokens: [7] });
  expect(await response.json()).toEqual({
    model: 'two',
    maps: [{ kind: 'cross', layers: [[[[1, 0]]]], rows: ['7'], columns: ['ab', 'cd'] }],
  });
  for (const [wrong, status] of [
    [{ text: 'a' }, 400],
    [{ text: ' ', tokens: [] }, 400],
    [{ text: '\n', tokens: [], task: 'generate' }, 200],
    [{ text: 'a', tokens: [-1] }, 400],
    [{ text: 'a', tokens: Array<number>(1002).fill(0) }, 400],
    [{ text: 'a', tokens: [0], model: 'writer' }, 404],
  ] as const)
    expect((await attend(wrong)).status).toBe(status);
});

test('tells what else was probable along given tokens', async () => {
  const path = '/api/v1/probabilities';
  const response = await post({ model: 'two', text: 'ab cd', tokens: [7] }, path);
  const token = { id: 7, text: '7', logProb: -0.1 };
  expect(await response.json()).toEqual({ model: 'two', tokens: [{ ...token, top: [token] }] });
  expect((await post({ text: ' ', tokens: [1] }, path)).status).toBe(400);
  expect((await post({ text: 'a', tokens: [1], model: 'writer' }, path)).status).toBe(404);
});

test.each([
  ['an unknown model', { text: 'a', model: '../../etc' }, 404, 'unknown_model'],
  ['an empty text', { text: ' \n ' }, 400, 'invalid_request'],
  ['an unknown key', { text: 'a', beams: 4 }, 400, 'invalid_request'],
  ['a huge number', { text: 'a', beam: 1e300 }, 400, 'invalid_request'],
  ['a text too long', { text: 'a'.repeat(2001) }, 400, 'invalid_request'],
  ['a lone surrogate', String.raw`{"text":"\ud800"}`, 400, 'invalid_request'],
  ['broken JSON', '{"text":', 400, 'invalid_json'],
  ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 400, 'invalid_utf8'],
  ['a body too large', { text: 'a'.repeat(40_000) }, 413, 'body_too_large'],
  ['a word the model refuses', { text: 'mistake', stream: false }, 422, 'bad_word'],
])('refuses %s', async (_name, body, status, code) => {
  const response = await post(body);
  expect(response.status).toBe(status);
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe(code);
  expect(error.message.length).toBeGreaterThan(10);
});

test('an error in the middle of a stream is an event', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const events = await (await post({ text: 'fine fail', strategy: 'greedy' })).text();
  expect(log.mock.calls.join()).toContain('the echo broke');
  log.mockRestore();
  expect(events).toContain('event: error\ndata: {"type":"error","code":"engine_error"');
});

test('refuses other types, methods, paths and pages of other sites', async () => {
  const status = async (path: string, init: RequestInit) => (await fetch(origin + path, init)).status;
  expect(await status('/api/v1/translate', { method: 'POST', body: 'text=a' })).toBe(415);
  expect(await status('/api/v1/translate', {})).toBe(405);
  expect(await status('/api/v1/nothing', {})).toBe(404);
  expect(await status('/api/v1/toString', {})).toBe(404);
  expect(await status('/', { method: 'DELETE' })).toBe(405);
  expect((await post({ text: 'a' }, '/api/v1/translate', { Origin: 'http://evil.example' })).status).toBe(
    403,
  );
  expect(
    await raw('GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
  ).toContain('400 Bad Request');
  expect(await raw('GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toContain(
    'bad_path',
  );
  expect(await raw('NONSENSE\r\n\r\n')).toContain('400 Bad Request');
});

test('a dropped connection stops the work', async () => {
  const abort = new AbortController();
  const text = Array.from({ length: 300 }, () => 'word').join(' ');
  const response = await fetch(`${origin}/api/v1/translate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text, strategy: 'greedy' }),
    signal: abort.signal,
  });
  await response.body!.getReader().read();
  abort.abort();
  await expect.poll(() => host.load.running).toBe(0);
});

test('describes itself: models, health, OpenAPI, and every answer carries the headers', async () => {
  const json = async (path: string) =>
    (await fetch(origin + path)).json() as Promise<Record<string, unknown>>;
  expect(await json('/api/v1/models')).toMatchObject({
    default: 'one',
    models: [{ id: 'one' }, { id: 'two' }, { id: 'writer', task: 'generate' }],
  });
  expect(await json('/api/health')).toMatchObject({
    status: 'ready',
    backend: { name: 'echo' },
    queue: { limit: 128 },
    memory: { tensors: 0, residentBytes: expect.any(Number) as number },
  });
  expect(Object.keys((await json('/api/v1/openapi.json'))['paths'] as object)).toContain('/api/v1/translate');
  const response = await fetch(origin);
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toMatch(/default-src 'none'; script-src 'self' 'nonce-[\w+/=]+'; style-src/);
  expect(policy).not.toContain('unsafe');
  expect(await response.text()).toBe(policy);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('scores an output against a reference with signatures and matches', async () => {
  const response = await post(
    { hypothesis: 'le chat est là', reference: 'le chat est ici' },
    '/api/v1/score',
  );
  expect(await response.json()).toMatchObject({
    scores: [
      {
        name: 'BLEU',
        value: expect.closeTo(59.46, 1) as number,
        signature: expect.stringContaining('nrefs:1') as string,
      },
      { name: 'chrF2' },
      { name: 'TER', value: 25 },
    ],
    tokens: [{ match: 3 }, { match: 3 }, { match: 3 }, { text: 'là', match: 0 }],
  });
});

test.each(['fr', 'zh', 'ja', 'th'])('scores %s as a training run does, piece by piece', async (target) => {
  const body = { hypothesis: '我爱你。 abc', reference: '我爱她。 abc', target };
  const { scores, tokens } = (await (await post(body, '/api/v1/score')).json()) as ScoreResult;
  const bleu = trainingBleu(target);
  bleu.sentenceScore(body.hypothesis, [body.reference]);
  expect(scores[0]!.signature).toBe(bleu.getSignature().format());
  const matched = tokens.map(({ match }) => match > 0);
  expect(matched).toEqual(
    {
      fr: [false, true],
      zh: [true, true, false, true, true],
      ja: [true, true, false, true, true, true, true],
      th: [true, true, false, true, true, true, true],
    }[target],
  );
  expect(scores[2]!.value).toBe(target === 'zh' || target === 'ja' ? 20 : 50);
});

test('no body makes it fail: anything is answered, with 200 or a reasoned 4xx', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc
      .record({ text: fc.anything(), beam: fc.anything(), model: fc.string() }, { requiredKeys: [] })
      .map((value) => {
        try {
          return JSON.stringify(value) ?? '';
        } catch {
          return '';
        }
      }),
  );
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom(
        ...['translate', 'generate', 'score', 'attention', 'probabilities'].map(
          (route) => `/api/v1/${route}`,
        ),
      ),
      async (text, path) => {
        const response = await post(text, path);
        const answer = await response.text();
        expect(response.status === 200 || (response.status >= 400 && response.status < 500)).toBe(true);
        if (response.status !== 200)
          expect(JSON.parse(answer)).toMatchObject({ error: { code: expect.any(String) as string } });
      },
    ),
    { numRuns: 150 },
  );
});
