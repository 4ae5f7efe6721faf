// Training runs on disk: one folder each below a folder that the server owns, and nothing outside of it.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolder, atomicWrite, cacheFolder, type JsonObject } from '@d2lts/core';
import { parseCheckpointModel, type TrainPoint, type TrainRun } from '../api/train.ts';
import { type FoundModel, readCard } from '../engine/modelFolders.ts';

/** Where runs are kept: D2LTS_RUNS, else a folder in the user's cache. */
export const runsFolder = (env: Record<string, string | undefined> = process.env): string =>
  env['D2LTS_RUNS'] || join(cacheFolder(env), 'playground-runs');

/** Files of a run's folder: what it is, what it learns from, and the run folder of `d2l train`. */
export const runFiles = { about: 'run.json', data: 'data.txt', run: 'run' } as const;

const idPattern = /^[a-z0-9]{12}$/;

/** Reads and writes the runs below one folder. */
export class RunStore {
  constructor(readonly root: string) {}

  newId(): string {
    return randomBytes(6).toString('hex');
  }

  folder(id: string): string {
    return join(this.root, id);
  }

  /** All runs, newest first; what cannot be read is left out. A run that was under way is paused. */
  async load(): Promise<TrainRun[]> {
    const names = await readdir(this.root).catch(() => []);
    const runs: TrainRun[] = [];
    for (const id of names.filter((name) => idPattern.test(name))) {
      const run = await this.read(id).catch(() => undefined);
      if (run) runs.push(run);
    }
    return runs.sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Starts a run's folder; `data` is what was pasted. */
  async create(run: TrainRun, data: string | undefined): Promise<void> {
    await mkdir(this.folder(run.id), { recursive: true });
    if (data !== undefined) await atomicWrite(join(this.folder(run.id), runFiles.data), data);
    await this.save(run);
  }

  /** Writes what the log and the checkpoints do not hold. */
  async save(run: TrainRun): Promise<void> {
    const about = { version: 1, ...run, train: [], heldOut: [], checkpoints: [] };
    await atomicWrite(join(this.folder(run.id), runFiles.about), JSON.stringify(about));
  }

  async remove(id: string): Promise<void> {
    if (idPattern.test(id)) await rm(this.folder(id), { recursive: true, force: true });
  }

  /** Steps whose checkpoints are whole, ascending. */
  async checkpoints(id: string): Promise<number[]> {
    const folder = await this.runFolder(id);
    const steps = (await folder?.checkpoints()) ?? [];
    const whole = await Promise.all(
      steps.map((step) => isFile(join(folder!.checkpointPath(step), 'config.json'))),
    );
    return steps.filter((_, i) => whole[i]);
  }

  /** Removes the optimizer's state from all checkpoints but the newest, which alone is gone on from. */
  async dropOptimizers(id: string): Promise<void> {
    const folder = await this.runFolder(id);
    for (const step of (await folder?.checkpoints())?.slice(0, -1) ?? [])
      await rm(join(folder!.checkpointPath(step), 'optimizer.safetensors'), { force: true });
  }

  /** The model of a checkpoint by its id, for instance `train/0a1b2c3d4e5f@40`. */
  async model(model: string): Promise<FoundModel | undefined> {
    const wanted = parseCheckpointModel(model);
    if (!wanted) return undefined;
    const folder = await this.runFolder(wanted.id);
    const path = folder?.checkpointPath(wanted.step);
    if (path === undefined || !(await isFile(join(path, 'config.json')))) return undefined;
    const card = await readCard(path);
    if (!card) return undefined;
    const { data, settings } = await this.about(wanted.id);
    return {
      path,
      card: { ...card, id: model, name: `${settings.architecture}, step ${wanted.step}`, data },
    };
  }

  /** Bytes that all runs take. */
  async bytes(): Promise<number> {
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true }).catch(() => []);
    const sizes = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          stat(join(entry.parentPath, entry.name)).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
    );
    return sizes.reduce((a, b) => a + b, 0);
  }

  private async runFolder(id: string): Promise<RunFolder | undefined> {
    return RunFolder.open(join(this.folder(id), runFiles.run), { readOnly: true }).catch(() => undefined);
  }

  private async about(id: string): Promise<TrainRun> {
    return JSON.parse(await readFile(join(this.folder(id), runFiles.about), 'utf8')) as TrainRun;
  }

  private async read(id: string): Promise<TrainRun> {
    const { version: _, ...about } = (await this.about(id)) as TrainRun & { version: number };
    const log = (await (await this.runFolder(id))?.readLog()) ?? [];
    const last = log.at(-1);
    return {
      ...about,
      id,
      status: about.status === 'running' ? 'paused' : about.status,
      step: Math.max(about.step, Number(last?.['step'] ?? 0)),
      elapsed: Math.max(about.elapsed, Number(last?.['elapsed'] ?? 0)),
      train: log.filter(({ kind }) => kind === 'train').map(pointOf),
      heldOut: log.filter(({ kind }) => kind === 'evaluate').map(pointOf),
      checkpoints: await this.checkpoints(id),
    };
  }
}

/** A record of the log as a point of a curve. */
export function pointOf({ step, loss, bleu }: JsonObject): TrainPoint {
  return { step: Number(step), loss: Number(loss), ...(typeof bleu === 'number' ? { bleu } : {}) };
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
