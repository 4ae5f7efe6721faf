// Model and run folders: round trips, refusals, and what a killed writer may leave.
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { useBackend } from '../backend/index.ts';
import { atomicFolder, atomicWrite } from './atomicWrite.ts';
import { readJsonObject, readText } from './json.ts';
import { loadModelFolder, saveModelFolder } from './modelFolder.ts';
import { RunFolder } from './runFolder.ts';

beforeAll(async () => {
  await useBackend();
});

describe('model folder', () => {
  it('gives back what was saved', async () => {
    const path = join(await temporaryFolder(), 'model');
    const weight = tf.tensor2d([1, 2.5, -3, 4], [2, 2]);
    await saveModelFolder(
      path,
      {
        config: { hidden: 4 },
        state: { weight },
        tokenizer: { version: '1.0' },
        metrics: { bleu: 1.5 },
        readme: '# Card\n',
        files: { 'source.txt': 'é' },
      },
      { dtype: 'F16' },
    );
    const folder = await loadModelFolder(path);
    expect(folder).toMatchObject({ config: { hidden: 4 }, metrics: { bleu: 1.5 }, readme: '# Card\n' });
    expect(JSON.parse(folder.tokenizer!)).toEqual({ version: '1.0' });
    expect(await readText(join(path, 'source.txt'))).toBe('é');
    const state = await folder.readState();
    expect(state.weight!.dataSync()).toEqual(weight.dataSync());
    tf.dispose([weight, state]);
  });

  it('says what is missing or broken', async () => {
    const path = await temporaryFolder();
    await expect(loadModelFolder(join(path, 'none'))).rejects.toThrow(
      /must hold config.json.*missing or empty/,
    );
    await writeFile(join(path, 'config.json'), '[1]');
    await expect(loadModelFolder(path)).rejects.toThrow(/must hold model.safetensors.*it holds config.json/);
    await writeFile(join(path, 'model.safetensors'), '');
    await expect(loadModelFolder(path)).rejects.toThrow(/config.json must hold a JSON object, got \[1\]/);
    await writeFile(join(path, 'config.json'), '{');
    await expect(loadModelFolder(path)).rejects.toThrow(/config.json must be JSON/);
    await writeFile(join(path, 'config.json'), new Uint8Array([0xff]));
    await expect(loadModelFolder(path)).rejects.toThrow(/config.json must be UTF-8/);
    await expect(readJsonObject(join(path, 'x.json'))).rejects.toThrow(/x.json does not exist/);
  });
});

describe('run folder', () => {
  it('keeps the recipe, refuses a folder in use, and starts again when told to', async () => {
    const path = join(await temporaryFolder(), 'run');
    const run = await RunFolder.create(path, { recipe: '// mine\n{}', recipeName: 'recipe.jsonc' });
    expect(await readText(join(path, 'recipe.jsonc'))).toBe('// mine\n{}');
    run.log({ step: 1 });
    await run.setBest({ step: 1, metric: 'loss', value: 2 });
    await expect(RunFolder.create(path)).rejects.toThrow(/must be new or empty.*--resume/);
    const again = await RunFolder.create(path, { overwrite: true });
    expect([await again.readLog(), await again.best(), await again.latest()]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });

  it('cuts the log where a resumed run goes on', async () => {
    const path = join(await temporaryFolder(), 'run');
    const run = await RunFolder.create(path);
    for (let step = 1; step <= 4; step++) run.log({ step, loss: 1 / step });
    await appendFile(join(path, 'log.jsonl'), '{"step":5,"lo');
    expect((await run.readLog()).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    await run.cutLog(2);
    run.log({ step: 3 });
    expect(await readFile(join(path, 'log.jsonl'), 'utf8')).toBe(
      '{"step":1,"loss":1}\n{"step":2,"loss":0.5}\n{"step":3}\n',
    );
  });

  it('keeps the last and the best checkpoints', async () => {
    const path = join(await temporaryFolder(), 'run');
    const run = await RunFolder.create(path);
    for (let step = 10; step <= 50; step += 10) {
      await run.saveCheckpoint(step, (folder) => writeFile(join(folder, 'state.json'), `${step}`));
    }
    await run.setBest({ step: 20, metric: 'bleu', value: 30 });
    await run.prune(2);
    expect(await run.checkpoints()).toEqual([20, 40, 50]);
    expect(await run.latest()).toBe(50);
    expect(await run.best()).toEqual({ step: 20, metric: 'bleu', value: 30 });
    await run.saveCheckpoint(50, (folder) => writeFile(join(folder, 'state.json'), 'new'));
    expect(await readText(join(run.checkpointPath(50), 'state.json'))).toBe('new');
  });

  it('opens only run folders, and clears away leftovers', async () => {
    const parent = await temporaryFolder();
    await expect(RunFolder.open(join(parent, 'none'))).rejects.toThrow(/there is no such folder/);
    await expect(RunFolder.open(parent)).rejects.toThrow(/must hold log.jsonl and checkpoints/);
    const path = join(parent, 'run');
    const run = await RunFolder.create(path);
    await mkdir(join(path, 'checkpoints', '.step-00000003.tmp-77-abc'));
    await writeFile(join(path, '.log.jsonl.tmp-77-abc'), '');
    await RunFolder.open(path, { readOnly: true });
    expect(await readdir(path)).toHaveLength(4);
    await RunFolder.open(path);
    expect(await readdir(path)).toEqual(['checkpoints', 'log.jsonl', 'writer.json']);
    expect(await readdir(join(path, 'checkpoints'))).toEqual([]);
    expect(await run.checkpoints()).toEqual([]);
  });

  it('is written by one process at a time; the claim of a dead one, or one that says nothing, does not count', async () => {
    const path = join(await temporaryFolder(), 'run');
    const claim = join(path, 'writer.json');
    await RunFolder.create(path);
    const ours = { pid: process.pid, host: hostname() };
    expect(await readJsonObject(claim)).toEqual(ours);
    const write = (pid: number) => writeFile(claim, JSON.stringify({ ...ours, pid }));
    await write(process.ppid);
    const refusal = `process ${process.ppid} is writing this run`;
    await expect(RunFolder.open(path)).rejects.toThrow(refusal);
    await expect(RunFolder.create(path, { overwrite: true })).rejects.toThrow(refusal);
    await RunFolder.open(path, { readOnly: true });
    await write(spawnSync(process.execPath, ['--version']).pid);
    await RunFolder.open(path);
    await writeFile(claim, '{');
    await RunFolder.open(path);
    expect(await readJsonObject(claim)).toEqual(ours);
  });
});

describe('atomic writing', () => {
  it('leaves nothing behind when the writer fails', async () => {
    const folder = await temporaryFolder();
    const fail = () => Promise.reject(new Error('disk full'));
    await expect(atomicWrite(join(folder, 'a'), fail)).rejects.toThrow('disk full');
    await expect(atomicFolder(join(folder, 'b'), fail)).rejects.toThrow('disk full');
    expect(await readdir(folder)).toEqual([]);
  });
});
