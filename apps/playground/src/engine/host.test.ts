import { afterEach, expect, test, vi } from 'vitest';
import { createEchoEngine } from '../../test/echoEngine.ts';
import { threadOf, type FakeThread } from '../../test/threads.ts';
import { defaultSettings } from '../api/limits.ts';
import type { JobRequest } from '../api/types.ts';
import type { TranslateRequest } from '../modes/translate/contract.ts';
import type { Engine, EngineEvent } from './engine.ts';
import { EngineHost, type HostOptions } from './host.ts';

const request = (text: string): JobRequest<TranslateRequest> => ({
  task: 'translate',
  kind: 'answer',
  request: { ...defaultSettings, strategy: 'greedy', text, model: 'one', prefix: [], attention: false },
});

let host: EngineHost;
const threads: FakeThread[] = [];
function hostOf(engine: Engine, options?: HostOptions): EngineHost {
  threads.length = 0;
  host = new EngineHost(() => {
    const thread = threadOf(engine);
    threads.push(thread);
    return thread;
  }, options);
  return host;
}
afterEach(() => host.close());

const quiet = { event: () => {} };
const never = new AbortController().signal;

test('tells every step and gives the result', async () => {
  const events: EngineEvent[] = [];
  const segments = await hostOf(createEchoEngine()).submit(
    'a',
    request('ab cd\nef'),
    { event: (e) => events.push(e) },
    never,
  );
  expect(segments.map(({ text }) => text)).toEqual(['ba dc', 'fe']);
  expect(events.map(({ type }) => type)).toEqual([
    'start',
    'token',
    'token',
    'segment',
    'start',
    'token',
    'segment',
  ]);
});

test('a client that goes away stops its job, waiting or running', async () => {
  const abort = new AbortController();
  hostOf(createEchoEngine(1));
  const long = request(Array.from({ length: 50 }, () => 'word').join(' '));
  const seen: string[] = [];
  const running = host.submit(
    'a',
    long,
    {
      event: ({ type }) => {
        seen.push(type);
        if (type === 'token') abort.abort();
      },
    },
    abort.signal,
  );
  const waiting = host.submit('a', long, quiet, abort.signal);
  await expect(running).rejects.toMatchObject({ status: 499 });
  await expect(waiting).rejects.toMatchObject({ status: 499 });
  expect(seen.filter((type) => type === 'token')).toHaveLength(1);
  await expect(host.submit('b', request('ok'), quiet, never)).resolves.toHaveLength(1);
  expect(host.restarts).toBe(0);
});

test('refuses when the queue is full, and says how many are before, whenever that changes', async () => {
  hostOf(createEchoEngine(1), { queueLimit: 2 });
  await host.settled;
  const positions: string[] = [];
  const jobs = ['a', 'b', 'c'].map((client) => {
    const queued = (position: number) => positions.push(`${client}${position}`);
    return host.submit(client, request('x y z'), { ...quiet, queued }, never);
  });
  await expect(host.submit('d', request('x'), quiet, never)).rejects.toMatchObject({
    status: 503,
    code: 'queue_full',
  });
  expect(positions).toEqual(['b1', 'c2']);
  await Promise.all(jobs);
  expect(positions).toEqual(['b1', 'c2', 'c1']);
  expect(host.load).toEqual({ running: 0, waiting: 0, limit: 2 });
});

test('separates the request’s mistakes from the model’s failures', async () => {
  hostOf(createEchoEngine());
  await expect(host.submit('a', request('mistake'), quiet, never)).rejects.toMatchObject({
    status: 422,
    code: 'bad_word',
  });
  vi.spyOn(console, 'error').mockReturnValue();
  for (const fault of ['fail', 'missing']) {
    const failed = host.submit('a', request(fault), quiet, never);
    await expect(failed).rejects.toMatchObject({ status: 500, code: 'engine_error' });
    await expect(failed).rejects.not.toThrow(/secret|ENOENT/);
  }
  expect(console.error).toHaveBeenCalledTimes(2);
  vi.restoreAllMocks();
});

test('a worker that dies is replaced; its job is told to come again', async () => {
  hostOf(createEchoEngine(5));
  await host.settled;
  const job = host.submit('a', request('one two three'), quiet, never);
  threads[0]!.crash();
  await expect(job).rejects.toMatchObject({ status: 503, code: 'engine_restarted', retryAfter: 2 });
  await expect(host.submit('a', request('up'), quiet, never)).resolves.toMatchObject([{ text: 'pu' }]);
  expect(host.restarts).toBe(1);
});

test('a job beyond its time is stopped, and a worker that does not stop is replaced', async () => {
  const stuck: Engine = { ...createEchoEngine(), run: () => new Promise(() => {}) };
  hostOf(stuck, { timeLimit: 5, grace: 5 });
  await expect(host.submit('a', request('x'), quiet, never)).rejects.toMatchObject({
    code: 'too_slow',
    status: 503,
  });
  await expect.poll(() => host.restarts).toBe(1);
});

test('a worker that cannot start fails every request with the reason', async () => {
  hostOf(createEchoEngine());
  threads[0]!.crash();
  await host.settled;
  expect(host.status).toBe('failed');
  await expect(host.submit('a', request('x'), quiet, never)).rejects.toMatchObject({ code: 'engine_failed' });
});
