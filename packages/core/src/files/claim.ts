// Who writes in a folder: a file with the process that does, so that no second one joins in.
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors/index.ts';
import { namesIn } from './atomicWrite.ts';
import { readJsonObject, writeJson } from './json.ts';

/** The name of the file. */
export const claimName = 'writer.json';

const claimed = new Set<string>();

/**
 * Makes this process the one that writes in a folder, until it ends. The claim of a process that is gone, for instance
 * killed, counts no more.
 *
 * @throws ConfigError when another living process of this machine has it
 */
export async function claimFolder(path: string, operation: string): Promise<void> {
  const file = resolve(path, claimName);
  const writer = await readClaim(path);
  if (
    writer !== undefined &&
    writer.host === hostname() &&
    writer.pid !== process.pid &&
    isAlive(writer.pid)
  ) {
    throw new ConfigError({
      operation,
      fact: `process ${writer.pid} is writing this run`,
      value: path,
      advice: `wait for it, stop it, or remove ${claimName} if it is no training`,
      argument: 'path',
    });
  }
  await writeJson(file, { pid: process.pid, host: hostname() });
  if (claimed.size === 0) process.once('exit', () => claimed.forEach((own) => rmSync(own, { force: true })));
  claimed.add(file);
}

async function readClaim(path: string): Promise<{ pid: number; host: string } | undefined> {
  if (!(await namesIn(path)).includes(claimName)) return undefined;
  try {
    const { pid, host } = await readJsonObject(join(path, claimName));
    return Number.isInteger(pid) && typeof host === 'string' ? { pid: pid as number, host } : undefined;
  } catch {
    return undefined; // it went away, or is nothing that we wrote
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's
  }
}
