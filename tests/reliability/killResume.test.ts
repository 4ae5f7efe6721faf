// A training run that is killed at random moments and resumed ends as if it had never been interrupted.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { Rng, RunFolder, SafetensorsFile, readJsonObject } from '@d2lts/core';
import { bundle } from './bundle.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const script = here(`./.trainTiny-${process.pid}.mjs`);
const maxSteps = 320;
const kills = 20;

/** Trains in a child process; kills it when it has reported `killAfter` steps. Tells whether it ran to its end. */
function train(path: string, options: { fresh?: boolean; killAfter?: number }): Promise<boolean> {
  const arguments_ = [script, path, String(maxSteps), ...(options.fresh ? ['--new'] : [])];
  const child = spawn(process.execPath, arguments_, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let reported = 0;
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  child.stdout.on('data', (data: Buffer) => {
    reported += data.toString().split('\n').length - 1;
    if (options.killAfter !== undefined && reported >= options.killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`training failed with code ${code}: ${complaint.slice(0, 2000)}`));
    });
  });
}

/** Every checkpoint of a run can be read whole. */
async function checkReadable(path: string): Promise<void> {
  const run = await RunFolder.open(path, { readOnly: true });
  for (const step of await run.checkpoints()) {
    const folder = run.checkpointPath(step);
    expect((await readJsonObject(join(folder, 'state.json'))).step).toBe(step);
    for (const name of ['model.safetensors', 'optimizer.safetensors']) {
      const file = await SafetensorsFile.open(join(folder, name));
      for (const tensor of file.names) await file.read(tensor);
      await file.close();
    }
  }
  await run.best();
}

async function contents(path: string): Promise<Record<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files
    .sort()
    .map(async (file) => [file.slice(path.length), (await readFile(file)).toString('base64')]);
  return Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
}

it('survives 20 kills bit for bit', { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'd2lts-kill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await bundle(here('./trainTiny.ts'), script);
  onTestFinished(() => rm(script, { force: true }));
  const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
  expect(await train(whole, { fresh: true })).toBe(true);

  const rng = new Rng(Number(process.env.D2LTS_TEST_SEED ?? 1));
  let count = 0;
  let finished = false;
  for (; count < kills && !finished; count++) {
    finished = await train(broken, { fresh: count === 0, killAfter: rng.integer(1, 16) });
    await checkReadable(broken);
  }
  expect({ count, finished }).toEqual({ count: kills, finished: false });
  expect(await train(broken, {})).toBe(true);
  expect(await contents(broken)).toEqual(await contents(whole));
});
