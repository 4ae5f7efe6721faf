// A run folder: recipe copy, log.jsonl, checkpoints. Every write survives a kill at any moment.
import { appendFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, DataError } from '../errors/index.ts';
import { atomicFolder, atomicWrite, namesIn, removeFolder, removeTemporaries } from './atomicWrite.ts';
import { claimFolder, claimName } from './claim.ts';
import { readJsonObject, readText, writeJson, type JsonObject } from './json.ts';

/** Where the best checkpoint is and by which metric. */
export interface BestCheckpoint {
  step: number;
  metric: string;
  value: number;
}

export interface CreateRunFolderOptions {
  /** The recipe's text, kept as `recipe.json` (or under `recipeName`). */
  recipe?: string;
  recipeName?: string;
  /** Remove an earlier run's log and checkpoints instead of refusing. */
  overwrite?: boolean;
}

const logName = 'log.jsonl';
const bestName = 'best.json';
const folderPattern = /^step-(\d{8,})$/;

/** One training run on disk. */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Starts a run in a new or empty folder, which this process alone may write until it ends.
   *
   * @throws ConfigError when there is something in it already, or another process writes it
   */
  static async create(path: string, options: CreateRunFolderOptions = {}): Promise<RunFolder> {
    const names = (await namesIn(path)).filter((name) => name !== claimName);
    if (names.length > 0 && !options.overwrite) {
      throw new ConfigError({
        operation: 'RunFolder.create',
        fact: 'the output folder must be new or empty',
        value: path,
        advice: 'name another with --out, go on with --resume, or start again with --overwrite',
        argument: 'path',
      });
    }
    await claimFolder(path, 'RunFolder.create');
    const folder = new RunFolder(path);
    await removeFolder(folder.checkpointsPath);
    await mkdir(folder.checkpointsPath, { recursive: true });
    await atomicWrite(join(path, logName), '');
    await removeFolder(join(path, bestName));
    if (options.recipe !== undefined) {
      await atomicWrite(join(path, options.recipeName ?? 'recipe.json'), options.recipe);
    }
    return folder;
  }

  /**
   * Opens an earlier run to go on with, as the one process that may write it, and clears away what a killed writer left;
   * with `readOnly`, a run that another process may be writing, and nothing is changed.
   *
   * @throws DataError when it is no run folder
   * @throws ConfigError when another process writes it
   */
  static async open(path: string, { readOnly = false } = {}): Promise<RunFolder> {
    const names = await namesIn(path);
    if (!names.includes('checkpoints') || !names.includes(logName)) {
      throw new DataError({
        operation: 'RunFolder.open',
        fact: `a run folder must hold ${logName} and checkpoints`,
        value: path,
        advice: names.length === 0 ? 'there is no such folder' : `it holds ${names.join(', ')}`,
        argument: 'path',
      });
    }
    const folder = new RunFolder(path);
    if (!readOnly) {
      await claimFolder(path, 'RunFolder.open');
      await removeTemporaries(path);
      await removeTemporaries(folder.checkpointsPath);
    }
    return folder;
  }

  /** Adds one record to the log, as a line of JSON. */
  log(record: JsonObject): void {
    appendFileSync(join(this.path, logName), `${JSON.stringify(record)}\n`);
  }

  /** All records of the log; a line that a kill cut short is left out. */
  async readLog(): Promise<JsonObject[]> {
    const text = await readText(join(this.path, logName));
    const records: JsonObject[] = [];
    for (const line of text.split('\n').slice(0, -1)) {
      const record = parseLine(line);
      if (record) records.push(record);
    }
    return records;
  }

  /** Keeps the first `count` records: a resumed run writes the later ones again. */
  async cutLog(count: number): Promise<void> {
    const kept = (await this.readLog()).slice(0, count);
    await atomicWrite(join(this.path, logName), kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }

  /** Writes the checkpoint of a step: `fill` gets a folder to write into. Whole or not at all. */
  async saveCheckpoint(step: number, fill: (folder: string) => Promise<void>): Promise<string> {
    const path = this.checkpointPath(step);
    await atomicFolder(path, fill);
    return path;
  }

  /** The steps that have a checkpoint, ascending. */
  async checkpoints(): Promise<number[]> {
    const names = await namesIn(this.checkpointsPath);
    const steps = names.flatMap((name) => folderPattern.exec(name)?.[1] ?? []).map(Number);
    return steps.sort((a, b) => a - b);
  }

  /** The newest checkpoint's step, if there is one. */
  async latest(): Promise<number | undefined> {
    return (await this.checkpoints()).at(-1);
  }

  /** The folder of a step's checkpoint. */
  checkpointPath(step: number): string {
    return join(this.checkpointsPath, `step-${String(step).padStart(8, '0')}`);
  }

  /** Remembers which checkpoint is the best. */
  async setBest(best: BestCheckpoint): Promise<void> {
    await writeJson(join(this.path, bestName), { ...best });
  }

  /** The best checkpoint, if one was marked. */
  async best(): Promise<BestCheckpoint | undefined> {
    if (!(await namesIn(this.path)).includes(bestName)) return undefined;
    const { step, metric, value } = await readJsonObject(join(this.path, bestName));
    if (typeof step !== 'number' || typeof metric !== 'string' || typeof value !== 'number') return undefined;
    return { step, metric, value };
  }

  /** Removes all checkpoints but the newest `keepLast`, the best and those in `keep`. */
  async prune(keepLast: number, keep: readonly number[] = []): Promise<void> {
    const best = await this.best();
    const kept = new Set<number | undefined>([best?.step, ...keep]);
    const steps = await this.checkpoints();
    for (const step of steps.slice(0, Math.max(0, steps.length - keepLast))) {
      if (!kept.has(step)) await removeFolder(this.checkpointPath(step));
    }
  }

  private get checkpointsPath(): string {
    return join(this.path, 'checkpoints');
  }
}

function parseLine(line: string): JsonObject | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? (record as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
