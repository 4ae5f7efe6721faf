// Finding a data set's file: explicit path, D2LTS_DATA, cache, download.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../../errors/index.ts';
import type { DataFile, DataSet } from './dataSet.ts';
import { download, type DownloadProgress } from './download.ts';

/** Where a file was found. */
export type DataOrigin = 'path' | 'D2LTS_DATA' | 'cache' | 'download' | 'embedded';

export interface LocateOptions {
  /** The file, or the folder that holds it; nothing else is tried then. */
  path?: string;
  /** Whether a missing file may be downloaded; by default true, unless D2LTS_OFFLINE is set. */
  download?: boolean;
  /** In place of `process.env`: D2LTS_DATA, D2LTS_CACHE, D2LTS_OFFLINE. */
  environment?: Readonly<Record<string, string | undefined>>;
  onProgress?: (progress: DownloadProgress) => void;
}

export interface LocatedFile {
  path: string;
  name: string;
  origin: DataOrigin;
}

/**
 * Finds the first of some files (alternatives of each other) of a data set.
 *
 * @throws DataError when none is found; the message names every place that was looked at
 */
export async function locate(
  set: DataSet,
  names: readonly string[],
  options: LocateOptions = {},
): Promise<LocatedFile> {
  const environment = options.environment ?? process.env;
  if (options.path !== undefined) {
    const found = await findIn(options.path, names);
    if (found) return { ...found, origin: 'path' };
    throw notFound(set, names, [options.path], 'check the path');
  }

  const looked: string[] = [];
  if (environment.D2LTS_DATA) {
    const folder = join(environment.D2LTS_DATA, set.name);
    looked.push(folder);
    const found = await findIn(folder, names);
    if (found) return { ...found, origin: 'D2LTS_DATA' };
  }
  const cache = join(cacheFolder(environment), set.name);
  looked.push(cache);
  const cached = await findIn(cache, names);
  if (cached) return { ...cached, origin: 'cache' };

  const files = set.files.filter(({ name }) => names.includes(name));
  const offered = files.find(({ url, hash }) => url && hash);
  const advice = `get it at ${set.homepage} and set D2LTS_DATA to a folder that holds ${set.name}/${names[0]}`;
  if (!offered) throw notFound(set, names, looked, advice);
  if (!(options.download ?? !environment.D2LTS_OFFLINE)) {
    throw notFound(set, names, looked, `allow the download, or ${advice}`);
  }
  const path = join(cache, offered.name);
  await fetchFile(set, offered, path, options, advice);
  return { path, name: offered.name, origin: 'download' };
}

/** The folder for downloads: D2LTS_CACHE, else d2lts in the user's cache folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment.D2LTS_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'd2lts');
}

async function fetchFile(
  set: DataSet,
  file: DataFile,
  path: string,
  { onProgress }: LocateOptions,
  advice: string,
): Promise<void> {
  try {
    await download({ url: file.url!, hash: file.hash!, path, ...(onProgress ? { onProgress } : {}) });
  } catch (cause) {
    if (cause instanceof DataError && cause.code === 'ERR_HASH') throw cause;
    throw new DataError({
      operation: `data set ${set.name}`,
      fact: `${file.url} could not be downloaded (${(cause as Error).message})`,
      advice: `try again later, or ${advice}`,
      cause,
      code: 'ERR_DATA_MISSING',
    });
  }
}

async function findIn(
  path: string,
  names: readonly string[],
): Promise<{ path: string; name: string } | undefined> {
  if (await isFile(path)) return { path, name: path };
  for (const name of names) {
    if (await isFile(join(path, name))) return { path: join(path, name), name };
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function notFound(
  set: DataSet,
  names: readonly string[],
  looked: readonly string[],
  advice: string,
): DataError {
  return new DataError({
    operation: `data set ${set.name}`,
    fact: `${names.join(' or ')} must be in ${looked.join(' or ')}`,
    advice,
    code: 'ERR_DATA_MISSING',
  });
}
