// Writing a file so that at any moment it is either the old one or the new one, whole.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';

const marker = '.tmp-';

/** Writes through a temporary file beside `path`: write, fsync, rename. Leaves nothing behind when writing fails. */
export async function atomicWrite(
  path: string,
  content: string | Uint8Array | ((handle: FileHandle) => Promise<void>),
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    const handle = await open(temporary, 'wx');
    try {
      if (typeof content === 'function') await content(handle);
      else await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Makes a folder whole or not at all: `fill` writes into a temporary folder, which is then renamed to `path`.
 * An older folder of that name is replaced.
 */
export async function atomicFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    await syncFolder(temporary);
    await removeFolder(path);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes a folder; when stopped halfway, what is left no longer has its name. */
export async function removeFolder(path: string): Promise<void> {
  const condemned = temporaryName(path);
  try {
    await rename(path, condemned);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await rm(condemned, { recursive: true, force: true });
}

/** Removes what writers that were killed have left in a folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name.includes(marker)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The names in a folder, sorted; none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}${marker}${process.pid}-${randomUUID().slice(0, 8)}`);
}

/** Makes a rename durable. Some systems cannot open or sync a folder; the rename itself is still atomic there. */
async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}
