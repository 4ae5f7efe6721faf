// Every route of the built server answers as the document that it serves says, with real models and a real run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainRun } from '../../apps/playground/src/api/train.ts';
import type { ModelList, StreamEvent } from '../../apps/playground/src/api/types.ts';
import type { TranslateResult } from '../../apps/playground/src/modes/translate/contract.ts';
import { DescribedAnswers, type Document } from '../../apps/playground/test/describedAnswer.ts';
import { startServer, type RunningServer } from './support/startServer.ts';

let server: RunningServer;
let runs: string;
let described: DescribedAnswers;
beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'd2lts-api-'));
  server = await startServer({ D2LTS_RUNS: runs });
  described = new DescribedAnswers(
    (await (await fetch(`${server.origin}/api/v1/openapi.json`)).json()) as Document,
  );
});
afterAll(async () => {
  await server.stop();
  await rm(runs, { recursive: true, force: true });
});

/** How long a run may take to start and to end. */
const patient = { timeout: 60_000 };

/** Sends a request, `{id}` in its path filled in; resolves with the answer once it is found to be as described. */
async function ask<T>(method: string, path: string, body?: object, id = ''): Promise<T> {
  const response = await fetch(server.origin + path.replace('{id}', id), {
    method,
    ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return (await described.read(method, path.split('?')[0]!, response)) as T;
}

test('every route, with every model and every way to decode', async () => {
  const { models } = await ask<ModelList>('GET', '/api/v1/models?include=train/000000000000@1');
  for (const { id: model, task } of models) {
    if (task === 'generate') {
      const body = { model, prompt: 'To be', maxTokens: 5 };
      const events = await ask<StreamEvent[]>('POST', '/api/v1/generate', body);
      expect(events.at(-1)!.type).toBe('done');
      await ask('POST', '/api/v1/generate', { ...body, stream: false });
      await ask('POST', '/api/v1/attention', { task, model, text: 'To be', tokens: [5, 6] });
      continue;
    }
    for (const strategy of ['greedy', 'beam', 'sampling']) {
      const body = { model, text: 'Hello.\n\nWho are you?', strategy, attention: true };
      expect((await ask<StreamEvent[]>('POST', '/api/v1/translate', body)).at(-1)!.type).toBe('done');
      const whole = await ask<TranslateResult>('POST', '/api/v1/translate', { ...body, stream: false });
      const tokens = whole.segments[0]!.tokens.map(({ id }) => id);
      const given = { model, text: 'Hello.', tokens };
      const along = await ask<{ tokens: { id: number }[] }>('POST', '/api/v1/probabilities', given);
      expect(along.tokens.map(({ id }) => id)).toEqual(tokens);
      await ask('POST', '/api/v1/attention', given);
    }
  }
  for (const target of ['fr', 'zh'])
    await ask('POST', '/api/v1/score', { hypothesis: '我爱你 a', reference: '我爱她 a', target });
  await ask('GET', '/api/health');
  await ask('GET', '/api/v1/openapi.json');

  const { id } = await ask<TrainRun>('POST', '/api/v1/train', { steps: 1000 });
  const path = '/api/v1/train/{id}';
  const watched = ask<{ type: string }[]>('GET', `${path}/events`, undefined, id);
  await expect
    .poll(async () => (await ask<TrainRun>('GET', path, undefined, id)).step, patient)
    .toBeGreaterThan(0);
  await ask('GET', '/api/v1/train');
  await ask('POST', `${path}/pause`, undefined, id);
  const told = (await watched).map(({ type }) => type);
  expect(told).toEqual(expect.arrayContaining(['run', 'start', 'progress', 'checkpoints', 'status']));
  const paused = await ask<TrainRun>('GET', path, undefined, id);
  expect(paused).toMatchObject({ status: 'paused', checkpoints: [expect.any(Number)] });
  const model = `train/${id}@${paused.checkpoints[0]}`;
  await ask('POST', '/api/v1/translate', { model, text: 'cat face' });
  await expect
    .poll(async () => (await ask<TrainRun>('POST', `${path}/resume`, undefined, id)).status, patient)
    .toBe('running');
  await ask('POST', `${path}/stop`, undefined, id);
  await expect.poll(() => ask('DELETE', path, undefined, id), patient).toEqual({ deleted: id });
  expect([...described.seen.keys()].sort()).toEqual(described.all.sort());
}, 120_000);
