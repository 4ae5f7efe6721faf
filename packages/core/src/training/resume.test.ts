// Going on: a second fit, each module's mode, what a checkpoint keeps, and what must not have changed since.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { makeTask, type Points } from '../../test/trainingTask.ts';
import { useBackend } from '../backend/index.ts';
import { RunFolder, readJsonObject, writeJson } from '../files/index.ts';
import {
  type Callback,
  type Fingerprints,
  type TrainerOptions,
  Trainer,
  fingerprint,
  orderedJson,
} from './index.ts';

beforeAll(async () => {
  await useBackend();
});

/** A task with a clock that each look sets on by so many seconds. */
function timedTask(seconds: number, extra: Partial<TrainerOptions<Points>>) {
  const task = makeTask();
  let time = 0;
  return { ...task, options: { ...task.options, now: () => (time += 1000 * seconds), ...extra } };
}

it('counts the time of every fit', async () => {
  const stopper: Callback = {
    name: 'stop',
    onStep({ step }, trainer) {
      if (step === 2) trainer.stop('paused');
    },
  };
  const task = timedTask(1, { maxTime: 60, callbacks: [stopper] });
  const trainer = new Trainer(task.options);
  const first = await trainer.fit();
  expect(first).toMatchObject({ reason: 'paused', step: 2 });
  expect(first.elapsed).toBeGreaterThan(2);
  expect(trainer.elapsed).toBe(first.elapsed); // and stands still until the next
  const second = await trainer.fit();
  expect(second.reason).toBe('max time');
  expect(second.elapsed).toBeGreaterThanOrEqual(60);
  expect(second.elapsed).toBeLessThan(70);
  expect(second.step).toBeGreaterThan(first.step);
  expect(await trainer.fit()).toMatchObject({ reason: 'max time', step: second.step });
  task.dispose();
});

it('leaves a module that is in evaluation mode in it, from fit to fit of a run in parts too', async () => {
  const modes: boolean[][] = [];
  const task = makeTask();
  const look = () =>
    void modes.push([task.model.training, task.model.hidden.training, task.model.dropout.training]);
  const evaluate = () => {
    look();
    return task.evaluate();
  };
  task.model.dropout.eval();
  await new Trainer({
    ...task.options,
    evaluate,
    maxSteps: 2,
    evaluateEvery: 1,
    callbacks: [{ name: 'look', onStep: look }],
  }).fit();
  const [training, evaluating] = [
    [true, true, false],
    [false, false, false],
  ];
  expect(modes).toEqual([training, evaluating, training, evaluating]);
  expect(task.model.training).toBe(false);
  await new Trainer({ ...task.options, maxSteps: 1, callbacks: [{ name: 'look', onStep: look }] }).fit();
  expect(modes.at(-1)).toEqual([true, true, true]); // a model in evaluation mode trains whole
  task.dispose();
});

/** Trains to a step in a new run folder; gives what resumes it. */
async function started(extra: Partial<TrainerOptions<Points>>) {
  const runFolder = await RunFolder.create(join(await temporaryFolder(), 'run'));
  const first = timedTask(1, { runFolder, logEvery: 4, ...extra });
  await new Trainer({ ...first.options, maxSteps: 3 }).fit();
  first.dispose();
  const resume = async (more: Partial<TrainerOptions<Points>> = {}) => {
    const task = timedTask(1, { runFolder, logEvery: 4, ...extra, maxSteps: 4, ...more });
    try {
      return await new Trainer(task.options).fit({ resume: true });
    } finally {
      task.dispose();
    }
  };
  const statePath = join(runFolder.checkpointPath(3), 'state.json');
  return { runFolder, resume, statePath };
}

it('logs the speed over all steps since the last record, those before the checkpoint too', async () => {
  const { runFolder, resume } = await started({});
  await resume();
  const [record] = await runFolder.readLog();
  const last = (await runFolder.readLog()).find(({ kind, step }) => kind === 'train' && step === 4);
  expect(record).toMatchObject({ kind: 'evaluate', step: 3 });
  expect(last!['perSecond']).toBe(4); // every step has four points and takes a second
});

const prints = (data: string, tokenizer = 'words'): Fingerprints => ({
  data: fingerprint('pairs.tsv', data),
  tokenizer: fingerprint('tokenizer.json', tokenizer),
});

it('goes on only with what the checkpoint was trained on, and names what changed', async () => {
  const { resume, runFolder, statePath } = await started({ fingerprints: prints('a b') });
  const log = () => readFile(join(runFolder.path, 'log.jsonl'), 'utf8');
  const before = await log();
  const error = await resume({ fingerprints: prints('a c') }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_CONFIG', argument: 'data' });
  expect((error as Error).message).toMatch(
    /^Trainer\.fit: to go on from .*step-00000003, data \(pairs\.tsv\) must be as it was then, got "sha256:[0-9a-f]{64}"; there it is sha256:[0-9a-f]{64}: put it back, or start a new run in another folder$/,
  );
  await expect(resume({ fingerprints: prints('a c', 'bytes') })).rejects.toThrow(
    'data (pairs.tsv) and tokenizer (tokenizer.json) must be',
  );
  expect(await log()).toBe(before);
  const moved = { ...prints('a b'), data: fingerprint('moved/pairs.tsv', 'a b') };
  expect(await resume({ fingerprints: moved })).toMatchObject({ step: 4 });
  expect(await readJsonObject(statePath)).toMatchObject({ fingerprints: prints('a b') });
});

it.each([
  ['an earlier version wrote none', undefined],
  ['they are damaged', 'sha256'],
  ['they are null', null],
])('says that nothing can be compared when %s, and goes on', async (_, saved) => {
  const { resume, statePath } = await started({ fingerprints: prints('a') });
  const state = await readJsonObject(statePath);
  const { seconds: __, ...window } = state['window'] as Record<string, number>;
  await writeJson(statePath, { ...state, window: { ...window, steps: 3 }, fingerprints: saved });
  const warn = vi.fn();
  expect(await resume({ fingerprints: prints('b'), warn })).toMatchObject({ step: 4 });
  expect(warn.mock.calls).toEqual([
    [
      expect.stringMatching(
        /step-00000003 has no hash of data \(pairs\.tsv\), tokenizer \(tokenizer\.json\): whether/,
      ),
    ],
  ]);
});

it('refuses a state.json that is none before it touches the model', async () => {
  const { resume, statePath } = await started({});
  await writeFile(statePath, '{"version": 2}');
  await expect(resume()).rejects.toThrow('state.json must be a training state of version 1, got 2');
});

it('hashes text in pieces as whole, and JSON whatever the order of keys', () => {
  // printf abc | sha256sum
  const hash = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(fingerprint('x', 'abc')).toEqual({ file: 'x', hash });
  expect(fingerprint('x', ['a', new Uint8Array([98]), 'c']).hash).toBe(hash);
  expect(orderedJson({ b: [{ d: 1, c: null }], a: undefined })).toBe('{"b":[{"c":null,"d":1}]}');
  expect(orderedJson({ 2: 'x', a: 1 })).toBe(orderedJson({ a: 1, 2: 'x' }));
});
