// Runs by a fake process: one at a time, pausing, what is kept, and what is refused.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTrainer } from '../../test/fakeTrainer.ts';
import { trainDefaults, type TrainEvent, type TrainRequest } from '../api/train.ts';
import { RunStore, runsFolder } from './runStore.ts';
import { TrainHost } from './trainHost.ts';

let root: string;
let trainer: FakeTrainer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'd2lts-runs-'));
});
afterEach(() => rm(root, { recursive: true }));

const open = (limits?: { runs: number; bytes: number }) =>
  new TrainHost(new RunStore(root), (folder) => (trainer = new FakeTrainer(folder)), limits);
const request = (change: Partial<TrainRequest> = {}): TrainRequest => ({ ...trainDefaults, ...change });
const lines = (count: number) => Array.from({ length: count }, (_, i) => `word ${i}\tmot ${i}`).join('\n');
const refused = (code: string, words = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(words) as string }) as Error;

test('a run is told as it goes, one at a time, and is found again by another server', async () => {
  const host = open();
  await host.ready;
  const { id } = await host.start(request({ pairs: lines(12) }));
  expect(await readFile(join(root, id, 'data.txt'), 'utf8')).toBe(lines(12));
  const events: TrainEvent[] = [];
  const unwatch = host.watch(id, (event) => events.push(event));
  trainer.say({ type: 'start', parameters: 7, signature: 'nrefs:1' });
  trainer.say({ type: 'train', point: { step: 10, loss: 2 }, elapsed: 1 });
  trainer.say({ type: 'heldOut', point: { step: 10, loss: 3, bleu: 4 }, elapsed: 1 });
  expect(events.map(({ type }) => type)).toEqual(['run', 'start', 'train', 'heldOut']);
  expect(host.get(id)).toMatchObject({
    status: 'running',
    dataSize: 12,
    parameters: 7,
    step: 10,
    heldOut: [{ step: 10, loss: 3, bleu: 4 }],
    settings: { learningRate: 0.005 },
    signature: 'nrefs:1',
  });
  await expect(host.start(request())).rejects.toEqual(refused('training_busy', 'pause or stop it'));
  await expect(host.remove(id)).rejects.toEqual(refused('run_is_training'));
  await expect(host.resume(id)).rejects.toEqual(refused('not_paused'));
  await host.end(id, 'pause');
  await expect.poll(() => host.activeId).toBe(null);
  unwatch();
  const other = open();
  await other.ready;
  expect(other.get(id)).toMatchObject({ status: 'paused', parameters: 7 });
  await other.resume(id);
  expect(trainer.folder).toBe(join(root, id));
  await other.close();
  expect(trainer.commands).toEqual(['pause']);
  expect(other.get(id).status).toBe('paused');
  expect((await host.end(id, 'stop')).status).toBe('stopped');
  await expect(host.end(id, 'pause')).rejects.toEqual(refused('not_running', 'stopped'));
  await host.remove(id);
  expect(await readdir(root)).toEqual([]);
  expect(() => host.get(id)).toThrow('no such run');
});

test('a run that was stopped can be deleted at once: what it still writes is waited for', async () => {
  const host = open();
  await host.ready;
  const { id } = await host.start(request());
  await host.end(id, 'stop');
  expect([host.activeId, host.get(id).status]).toEqual([id, 'stopped']);
  await host.remove(id);
  expect(host.activeId).toBeNull();
  expect(await readdir(root)).toEqual([]);
});

test('a process that dies leaves a run that can go on', async () => {
  const host = open();
  await host.ready;
  const { id } = await host.start(request({ architecture: 'lstm', text: 'x'.repeat(600) }));
  trainer.end();
  await expect.poll(() => host.get(id)).toMatchObject({ status: 'paused', error: { code: 'interrupted' } });
  expect((await host.resume(id)).error).toBeUndefined();
  trainer.end({
    type: 'status',
    status: 'failed',
    error: { code: 'ERR_NUMERICS', message: 'lower the rate' },
  });
  await expect.poll(() => host.activeId).toBe(null);
  expect(host.get(id)).toMatchObject({ status: 'failed', error: { message: 'lower the rate' } });
});

test('names what is wrong with pairs, languages and room', async () => {
  const host = open({ runs: 1, bytes: 1e9 });
  await host.ready;
  await expect(host.start(request({ pairs: `${lines(3)}\nno tab here\n` }))).rejects.toEqual(
    refused(
      'bad_pair',
      'line 4 of the pairs must be a sentence, a tab and its translation, got "no tab here"',
    ),
  );
  await expect(host.start(request({ pairs: lines(9) }))).rejects.toEqual(refused('too_few_pairs', 'got 9'));
  await expect(host.start(request({ target: 'xx' }))).rejects.toEqual(refused('invalid_request', 'target'));
  const characters = String.fromCodePoint(...Array.from({ length: 7000 }, (_, i) => 0x4e00 + i));
  await expect(host.start(request({ architecture: 'lstm', text: characters }))).rejects.toEqual(
    refused('too_many_characters', 'got 7000'),
  );
  const { id } = await host.start(request());
  await host.end(id, 'stop');
  await expect.poll(() => host.activeId).toBe(null);
  await expect(host.start(request())).rejects.toEqual(refused('too_many_runs', 'delete one'));
  const crowded = open({ runs: 9, bytes: 1000 });
  await crowded.ready;
  await expect(crowded.start(request())).rejects.toEqual(refused('disk_full'));
});

test('looks for runs where D2LTS_RUNS says, else in the user’s cache; never for models elsewhere', async () => {
  expect(runsFolder({ D2LTS_RUNS: '/x' })).toBe('/x');
  expect(runsFolder({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'd2lts', 'playground-runs'));
  const store = new RunStore(root);
  for (const model of ['train/../../../etc@1', 'train/000000000000@1', 'train/x@1', 'other'])
    expect(await store.model(model)).toBeUndefined();
});
