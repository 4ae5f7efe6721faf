// The description: the file is what the schemas say, it names every route, and answers are as it says.
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { DescribedAnswers } from '../../test/describedAnswer.ts';
import { useTrainingServer } from '../../test/trainingServer.ts';
import type { TrainRun } from '../api/train.ts';
import { routes } from './api.ts';
import { createApp } from './app.ts';
import { openapi } from './openapi.ts';

const document = JSON.parse(JSON.stringify(openapi)) as ConstructorParameters<typeof DescribedAnswers>[0];
const described = new DescribedAnswers(document);
const running = useTrainingServer({ perClient: 1 });

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(running.origin + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** Sends a request whose path is its own pattern, and holds the answer against the description. */
const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  described.read(method, path.split('?')[0]!, await send(method, path, body, headers));

/** The same below a run. */
const askRun = async (method: string, id: string, rest = '') =>
  described.read(method, `/api/v1/train/{id}${rest}`, await send(method, `/api/v1/train/${id}${rest}`));

test('openapi.json is what the schemas say (`npm run openapi -w apps/playground` writes it)', () => {
  const file: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
  expect(file).toEqual(document);
});

test('every route is described, and nothing else', () => {
  const served = Object.entries(routes).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.all.sort()).toEqual(served.sort());
});

test('every route answers as described, whole, streamed and refused', async () => {
  await running.engine.settled;
  for (const strategy of ['greedy', 'beam', 'sampling'])
    for (const stream of [true, false])
      await ask('POST', '/api/v1/translate', { text: 'ab\n\ncd', strategy, stream, attention: true });
  for (const stream of [true, false]) await ask('POST', '/api/v1/generate', { prompt: 'ab cd', stream });
  await ask('POST', '/api/v1/attention', { text: 'ab cd', tokens: [1, 2] });
  await ask('POST', '/api/v1/probabilities', { text: 'ab cd', tokens: [1, 2] });
  await ask('POST', '/api/v1/score', { hypothesis: 'a b', reference: 'a c' });
  for (const path of ['/api/v1/models?include=train/x@1', '/api/v1/openapi.json', '/api/health'])
    await ask('GET', path);

  const run = (await ask('POST', '/api/v1/train', {})) as TrainRun;
  const events = send('GET', `/api/v1/train/${run.id}/events`);
  await vi.waitFor(async () => expect((await events).status).toBe(200));
  running.trainer.say({ type: 'start', parameters: 7, signature: 'nrefs:1' });
  running.trainer.say({ type: 'progress', step: 1, elapsed: 0.5, tokensPerSecond: 9.5 });
  running.trainer.say({ type: 'train', point: { step: 5, loss: 3 }, elapsed: 1 });
  running.trainer.say({ type: 'heldOut', point: { step: 5, loss: 3, bleu: 4.5 }, elapsed: 1 });
  running.trainer.say({ type: 'checkpoints', steps: [5] });
  await ask('GET', '/api/v1/train');
  await ask('POST', '/api/v1/train', {});
  await askRun('POST', run.id, '/pause');
  const told = await described.read('GET', '/api/v1/train/{id}/events', await events);
  expect((told as { type: string }[]).map(({ type }) => type)).toEqual([
    'run',
    'start',
    'progress',
    'train',
    'heldOut',
    'checkpoints',
    'status',
  ]);
  await vi.waitFor(async () => void (await askRun('POST', run.id, '/resume')));
  await askRun('GET', run.id);
  await askRun('DELETE', run.id);
  await askRun('POST', run.id, '/stop');
  await vi.waitFor(async () => expect(await askRun('DELETE', run.id)).toEqual({ deleted: run.id }));
  for (const [method, rest] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/events'],
    ['POST', '/stop'],
  ] as const)
    await askRun(method, '000000000000', rest);
  expect([...described.seen.keys()].sort()).toEqual(described.all.sort());

  const log = vi.spyOn(console, 'error').mockReturnValue();
  await ask('POST', '/api/v1/translate', { text: 'fail', stream: false });
  log.mockRestore();
  await ask('POST', '/api/v1/translate', { text: 'mistake', stream: false });
  const many = await Promise.all(
    [1, 2, 3].map(() => send('POST', '/api/v1/translate', { text: 'ab '.repeat(50), stream: false })),
  );
  for (const answer of many) await described.read('POST', '/api/v1/translate', answer);
  const posts = ['translate', 'generate', 'attention', 'probabilities', 'score', 'train'];
  for (const path of posts.map((name) => `/api/v1/${name}`)) {
    await ask('POST', path, '{');
    await ask('POST', path, { nonsense: 1 });
    await ask('POST', path, 'x'.repeat(3_000_000));
    await ask('POST', path, {}, { 'Content-Type': 'text/plain' });
    await ask('POST', path, {}, { Origin: 'http://evil.example' });
  }
  await ask('POST', '/api/v1/translate', { text: 'a', model: 'none' });
  const statuses = [...described.seen.get('POST /api/v1/translate')!].sort();
  expect(statuses).toEqual(['200', '400', '403', '404', '413', '415', '422', '429', '500']);
});

test('without training its routes say so', async () => {
  const bare = createApp(running.engine);
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const path = `http://127.0.0.1:${(bare.address() as { port: number }).port}/api/v1/train`;
  const refused = await fetch(path);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  await described.read('GET', '/api/v1/train', refused);
  await described.read('GET', '/api/v1/train/{id}', await fetch(`${path}/000000000000`));
  bare.closeAllConnections();
  bare.close();
});
