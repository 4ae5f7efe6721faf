// The routes of training over HTTP, with a fake training process behind them.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTrainingServer } from '../../../test/trainingServer.ts';
import type { TrainEvent, TrainList, TrainRun } from '../../api/train.ts';
import { EventParser } from '../../chat/sse.ts';

const running = useTrainingServer();

async function ask<T = { error: { code: string; message: string } }>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; json: T }> {
  const response = await fetch(`${running.origin}/api/v1/train${path}`, {
    method,
    ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, json: (await response.json()) as T };
}

test('starts, streams, pauses, goes on, stops and deletes a run', async () => {
  const { status, json: run } = await ask<TrainRun>('POST', '', { steps: 50 });
  expect(status).toBe(201);
  expect(run).toMatchObject({ status: 'running', data: 'emoji', settings: { steps: 50 }, task: 'translate' });
  expect((await ask('POST', '', {})).json.error.code).toBe('training_busy');
  const response = await fetch(`${running.origin}/api/v1/train/${run.id}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  running.trainer.say({ type: 'train', point: { step: 5, loss: 3 }, elapsed: 1 });
  expect((await ask('POST', `/${run.id}/pause`)).status).toBe(202);
  const events = new EventParser().push(await response.text()).map((data) => JSON.parse(data) as TrainEvent);
  expect(events.map(({ type }) => type)).toEqual(['run', 'train', 'status']);
  await expect.poll(async () => (await ask('POST', `/${run.id}/resume`)).status).toBe(200);
  expect((await ask('DELETE', `/${run.id}`)).status).toBe(409);
  expect((await ask('POST', `/${run.id}/stop`)).status).toBe(202);
  await expect.poll(async () => (await ask('DELETE', `/${run.id}`)).status).toBe(200);
  expect((await ask<TrainList>('GET', '')).json).toMatchObject({ runs: [], limits: { runs: 12 } });
});

test.each([
  ['an unknown run', 'GET', '/000000000000', undefined, 404, 'unknown_run'],
  ['a path for an id', 'DELETE', '/..%2f..', undefined, 400, 'bad_path'],
  ['an unknown verb', 'POST', '/000000000000/eat', undefined, 404, 'not_found'],
  ['another method', 'GET', '/000000000000/pause', undefined, 405, 'method_not_allowed'],
  ['an unknown key', 'POST', '', { step: 1 }, 400, 'invalid_request'],
  ['too many steps', 'POST', '', { steps: 1e9 }, 400, 'invalid_request'],
  ['text for a translator', 'POST', '', { text: 'a'.repeat(600) }, 400, 'invalid_request'],
  [
    'pairs for a character model',
    'POST',
    '',
    { architecture: 'lstm', pairs: 'a\tb' },
    400,
    'invalid_request',
  ],
  ['a line that is no pair', 'POST', '', { pairs: 'a\tb\nc' }, 400, 'bad_pair'],
  ['a huge body', 'POST', '', { pairs: 'a'.repeat(3_000_000) }, 413, 'body_too_large'],
])('refuses %s', async (_name, method, path, body, status, code) => {
  const answer = await ask(method, path, body);
  expect([answer.status, answer.json.error.code]).toEqual([status, code]);
});

test('a model that was never trained is not found', async () => {
  const response = await fetch(`${running.origin}/api/v1/translate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: 'a', model: 'train/000000000000@5' }),
  });
  expect(response.status).toBe(404);
});

test('no body makes it fail: anything starts a run or is refused with a reason', async () => {
  const anything = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.array(fc.nat()));
  const lines = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 });
  const body = fc.record(
    {
      architecture: fc.oneof(fc.constantFrom('lstm', 'transformer', '../x'), anything),
      size: fc.oneof(fc.constantFrom('small', 'large'), anything),
      steps: fc.oneof(fc.integer({ min: 10, max: 5000 }), anything),
      learningRate: fc.oneof(fc.constant(0.01), anything),
      target: fc.oneof(fc.constantFrom('fr', 'zh', 'xx'), anything),
      pairs: fc.oneof(
        lines.map((some) => some.map((line) => `${line}\t${line}`).join('\n')),
        anything,
      ),
      text: fc.oneof(fc.string({ minLength: 600, maxLength: 700 }), anything),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(body, async (wanted) => {
      const { status, json } = await ask<TrainRun & { error: { code: string; message: string } }>(
        'POST',
        '',
        wanted,
      );
      if (status !== 201) {
        expect([status >= 400 && status < 500, json.error.code.length > 3]).toEqual([true, true]);
        return;
      }
      running.trainer.end({ type: 'status', status: 'done' });
      await expect.poll(async () => (await ask('DELETE', `/${json.id}`)).status).toBe(200);
    }),
    { numRuns: 60 },
  );
});
