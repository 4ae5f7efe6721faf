// Finding data: the order of places, downloads from a local server, resumption, hash checks.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/temporaryFolder.ts';
import type { DataSet } from './dataSet.ts';
import { download } from './download.ts';
import { cacheFolder, locate } from './locate.ts';
import { DataRegistry } from './registry.ts';

const content = Buffer.from('line\n'.repeat(20_000));
const hash = `sha256:${createHash('sha256').update(content).digest('hex')}` as const;

/** A server for one test; returns its address and the ranges that were asked for. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, ranges };
}

function sendFrom(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start });
  response.end(content.subarray(start));
}

describe('download', () => {
  it('writes the file whole and reports progress', async () => {
    const { url } = await serve(sendFrom);
    const folder = join(await temporaryFolder(), 'new');
    const seen: number[] = [];
    await download({
      url,
      hash,
      path: join(folder, 'a'),
      onProgress: ({ received, total }) => {
        expect(total).toBe(content.length);
        seen.push(received);
      },
    });
    expect(seen.at(-1)).toBe(content.length);
    expect(await readFile(join(folder, 'a'))).toEqual(content);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('goes on where a broken connection or an earlier process stopped', async () => {
    const { url, ranges } = await serve((request, response, count) => {
      if (count > 1) return sendFrom(request, response);
      response.writeHead(206, { 'content-length': content.length - 1000 });
      response.write(content.subarray(1000, 30_000), () => response.destroy());
    });
    const path = join(await temporaryFolder(), 'a');
    await writeFile(`${path}.part`, content.subarray(0, 1000));
    await download({ url, hash, path });
    expect(ranges[0]).toBe('bytes=1000-');
    expect(ranges).toHaveLength(2);
    expect(await readFile(path)).toEqual(content);
  });

  it('starts again when the server does not resume, and takes a part that is already whole', async () => {
    const path = join(await temporaryFolder(), 'a');
    const stubborn = await serve((_, response) => response.end(content));
    await writeFile(`${path}.part`, 'something else');
    await download({ url: stubborn.url, hash, path });
    expect(await readFile(path)).toEqual(content);
    const finished = await serve((_, response) => response.writeHead(416).end());
    await writeFile(`${path}2.part`, content);
    await download({ url: finished.url, hash, path: `${path}2` });
    expect(await readFile(`${path}2`)).toEqual(content);
  });

  it('refuses content with another hash and leaves nothing behind', async () => {
    const { url } = await serve((_, response) => response.end('tampered'));
    const folder = await temporaryFolder();
    await expect(download({ url, hash, path: join(folder, 'a') })).rejects.toThrow(
      /must have sha256:.*, got "sha256:/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives up: at once on 404, after its attempts on errors and stalls', async () => {
    const path = join(await temporaryFolder(), 'a');
    const missing = await serve((_, response) => response.writeHead(404).end());
    await expect(download({ url: missing.url, hash, path })).rejects.toThrow(
      /must answer with the file, got 404/,
    );
    expect(missing.ranges).toHaveLength(1);
    const failing = await serve((_, response) => response.writeHead(503).end());
    await expect(download({ url: failing.url, hash, path, attempts: 2 })).rejects.toThrow(/got 503/);
    expect(failing.ranges).toHaveLength(2);
    const silent = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 5 }).flushHeaders();
    });
    await expect(download({ url: silent.url, hash, path, attempts: 1, stallMs: 50 })).rejects.toThrow(
      /abort/,
    );
  });
});

describe('locate', () => {
  const set = (file: object = {}): DataSet => ({
    name: 'poem',
    title: 'A poem',
    homepage: 'https://example.org/poem',
    licence: 'MIT',
    files: [{ name: 'a.txt.gz' }, { name: 'a.txt', ...file }],
  });
  const names = ['a.txt.gz', 'a.txt'];

  it('looks at the path, D2LTS_DATA, the cache and the network, in this order', async () => {
    const { url } = await serve(sendFrom);
    const folder = await temporaryFolder();
    const environment = { D2LTS_DATA: join(folder, 'data'), D2LTS_CACHE: join(folder, 'cache') };
    const poem = set({ url, hash });
    const find = (path?: string) =>
      locate(poem, names, { environment, ...(path === undefined ? {} : { path }) });

    expect(await find()).toEqual({
      path: join(folder, 'cache/poem/a.txt'),
      name: 'a.txt',
      origin: 'download',
    });
    expect(await find()).toMatchObject({ origin: 'cache' });
    await mkdir(join(folder, 'data/poem'), { recursive: true });
    await writeFile(join(folder, 'data/poem/a.txt'), '');
    expect(await find()).toMatchObject({ origin: 'D2LTS_DATA', name: 'a.txt' });
    await writeFile(join(folder, 'data/poem/a.txt.gz'), '');
    expect(await find()).toMatchObject({ origin: 'D2LTS_DATA', name: 'a.txt.gz' });
    await writeFile(join(folder, 'mine.txt'), '');
    expect(await find(join(folder, 'mine.txt'))).toMatchObject({
      path: join(folder, 'mine.txt'),
      origin: 'path',
    });
    expect(await find(join(folder, 'data/poem'))).toMatchObject({ origin: 'path' });
    await expect(find(join(folder, 'none'))).rejects.toThrow(
      /a.txt.gz or a.txt must be in .*none; check the path/,
    );
  });

  it('says where it looked and what to do', async () => {
    const cache = await temporaryFolder();
    const environment = { D2LTS_DATA: '/nowhere', D2LTS_CACHE: cache };
    await expect(locate(set(), names, { environment })).rejects.toThrow(
      `data set poem: a.txt.gz or a.txt must be in /nowhere/poem or ${cache}/poem; get it at https://example.org/poem and set D2LTS_DATA to a folder that holds poem/a.txt.gz`,
    );
    const offline = { ...environment, D2LTS_OFFLINE: '1' };
    const poem = set({ url: 'http://127.0.0.1:1/', hash });
    await expect(locate(poem, names, { environment: offline })).rejects.toThrow(/allow the download/);
    await expect(locate(poem, names, { environment, download: false })).rejects.toThrow(/allow the download/);
    await expect(locate(poem, names, { environment })).rejects.toThrow(
      /could not be downloaded .*try again later/,
    );
  });

  it('puts the cache where the system wants it', () => {
    expect(cacheFolder({ D2LTS_CACHE: '/a' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/d2lts');
    expect(cacheFolder({})).toMatch(/\.cache\/d2lts$/);
  });

  it('knows sets by name', () => {
    const registry = new DataRegistry([set()]);
    expect(registry.get('poem').title).toBe('A poem');
    expect(() => registry.get('peom')).toThrow(/did you mean "poem"/);
    expect(() => registry.register(set())).toThrow(/must be free/);
  });
});
