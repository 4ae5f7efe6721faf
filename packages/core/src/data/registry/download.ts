// Downloading one file: resumes a part, checks the hash, appears under its name only when whole.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../../errors/index.ts';

export interface DownloadProgress {
  url: string;
  /** Bytes so far, with those of an earlier attempt. */
  received: number;
  /** Bytes of the whole file, when the server says. */
  total: number | undefined;
}

export interface DownloadOptions {
  url: string;
  /** `sha256:…`, `sha1:…` or `md5:…` */
  hash: string;
  /** Where the file is to be. */
  path: string;
  onProgress?: (progress: DownloadProgress) => void;
  /** Attempts in all; each goes on where the last one broke off (default 3). */
  attempts?: number;
  /** Give up an attempt when nothing arrives for this long (default 30,000 ms). */
  stallMs?: number;
}

/** Downloads a file. @throws DataError when the server fails or the content has another hash */
export async function download(options: DownloadOptions): Promise<void> {
  const { path, hash, attempts = 3 } = options;
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(options, part);
      break;
    } catch (error) {
      if (attempt === attempts || (error instanceof DataError && error.code === 'ERR_HTTP')) throw error;
    }
  }
  const found = await digest(part, hash);
  if (found !== hash) {
    await rm(part, { force: true });
    throw new DataError({
      operation: 'download',
      fact: `${options.url} must have ${hash}`,
      value: found,
      advice: 'the file changed or was damaged on the way; try again',
      code: 'ERR_HASH',
    });
  }
  await rename(part, path);
}

/** A file's hash in the form that `expected` has: `sha256:…`. */
export async function digest(path: string, expected: string): Promise<string> {
  const algorithm = expected.slice(0, expected.indexOf(':'));
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `${algorithm}:${hash.digest('hex')}`;
}

async function fetchRest(options: DownloadOptions, part: string): Promise<void> {
  const { url, stallMs = 30_000 } = options;
  const have = await sizeOf(part);
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), stallMs);
  try {
    const response = await fetch(url, {
      headers: have > 0 ? { Range: `bytes=${have}-` } : {},
      signal: stall.signal,
    });
    // 416: the part is as long as the whole file.
    if (response.status === 416 && have > 0) return;
    if (!response.ok || !response.body) {
      throw new DataError({
        operation: 'download',
        fact: `${url} must answer with the file`,
        value: response.status,
        code: response.status < 500 ? 'ERR_HTTP' : 'ERR_DATA',
      });
    }
    const resumed = response.status === 206;
    const start = resumed ? have : 0;
    const length = Number(response.headers.get('content-length'));
    const total = length > 0 ? start + length : undefined;
    const handle = await open(part, resumed ? 'a' : 'w');
    try {
      let received = start;
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(() => stall.abort(), stallMs);
        await writeAll(handle, chunk);
        received += chunk.byteLength;
        options.onProgress?.({ url, received, total });
      }
      if (total !== undefined && received < total)
        throw new Error(`only ${received} of ${total} bytes arrived`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    at += (await handle.write(bytes, at)).bytesWritten;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
