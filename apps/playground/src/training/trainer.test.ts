// The real training process: trains, pauses, goes on to the same curve, and every checkpoint answers.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@d2lts/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSettings } from '../api/limits.ts';
import { checkpointModel, trainDefaults, type TrainRequest } from '../api/train.ts';
import { ModelEngine } from '../engine/modelEngine.ts';
import type { TranslateRequest } from '../modes/translate/contract.ts';
import { RunStore } from './runStore.ts';
import { TrainHost, forkTrainer } from './trainHost.ts';

let root: string;
let store: RunStore;
let host: TrainHost;
const script = fileURLToPath(new URL('./trainer.ts', import.meta.url));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'd2lts-trainer-'));
  store = new RunStore(root);
  host = new TrainHost(store, forkTrainer(script, ['--import', 'tsx', '--conditions=@d2lts/source']));
  await host.ready;
});
afterAll(async () => {
  await host.close();
  await rm(root, { recursive: true });
});

const pairs = Array.from({ length: 30 }, (_, i) => `number ${i}\tnuméro ${i}`).join('\n');

/** Runs to the end; with `pauseAt`, in two parts. */
async function train(request: Partial<TrainRequest>, pauseAt?: number) {
  const { id } = await host.start({ ...trainDefaults, steps: 20, ...request });
  if (pauseAt !== undefined) {
    const unwatch = host.watch(id, (event) => {
      if (event.type === 'train' && event.point.step === pauseAt) void host.end(id, 'pause');
    });
    await expect.poll(() => host.get(id).status, { timeout: 60_000 }).toBe('paused');
    await expect.poll(() => host.activeId).toBe(null);
    expect(host.get(id).step).toBeLessThan(20);
    unwatch();
    await host.resume(id);
  }
  await expect.poll(() => host.activeId, { timeout: 60_000 }).toBe(null);
  return host.get(id);
}

test('a run in two parts gives the curve of one in a piece, and its checkpoints translate', async () => {
  const whole = await train({ pairs });
  expect(whole).toMatchObject({ status: 'done', step: 20, parameters: expect.any(Number) as number });
  expect(whole.signature).toContain('nrefs:1|case:mixed|eff:yes|tok:13a');
  expect(whole.checkpoints).toContain(20);
  const files = await readdir(join(store.folder(whole.id), 'run', 'checkpoints'), { recursive: true });
  expect(files.filter((name) => name.endsWith('optimizer.safetensors'))).toHaveLength(1);
  expect(whole.heldOut.at(-1)).toMatchObject({ step: 20, bleu: expect.any(Number) as number });
  const parts = await train({ pairs }, 10);
  expect(parts).toMatchObject({ status: 'done', step: 20 });
  expect(parts.train).toEqual(whole.train);
  expect(parts.heldOut.at(-1)).toEqual(whole.heldOut.at(-1));

  const engine = new ModelEngine(await useBackend(), [], { find: (id) => store.model(id) });
  const translate = (step: number) =>
    engine.run(
      {
        task: 'translate',
        kind: 'answer',
        request: {
          ...defaultSettings,
          strategy: 'greedy',
          maxLength: 8,
          text: 'number 3',
          model: checkpointModel(whole.id, step),
          prefix: [],
          attention: false,
        } as TranslateRequest,
      },
      () => {},
      () => false,
    );
  const [segment] = await translate(20);
  expect(segment!.tokens.length).toBeGreaterThan(0);
  await expect(translate(7)).rejects.toThrow('There is no model');
  const newest = checkpointModel(whole.id, 20);
  const earlier = checkpointModel(whole.id, whole.checkpoints[0]!);
  expect(await host.models()).toMatchObject([{ task: 'translate' }, { id: newest }]);
  const included = await host.models([earlier, newest, checkpointModel(whole.id, 7), 'train/..@5']);
  expect(included.slice(1).map(({ id }) => id)).toEqual([newest, earlier]);
});

test('the embedded names teach a character model to write', async () => {
  const run = await train({ architecture: 'lstm' });
  expect(run).toMatchObject({ status: 'done', task: 'generate', data: 'emoji', step: 20 });
  expect(run.heldOut.at(-1)!.loss).toBeLessThan(run.heldOut[0]!.loss);
});
