// What the built page sends: its size, its headers, and who can reach it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from './support/startServer.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ HOST: '0.0.0.0' });
});
afterAll(() => server.stop());

test('the initial JavaScript is at most 250 KB gzip', async () => {
  const html = await (await fetch(server.origin)).text();
  const scripts = new Set(
    [...html.matchAll(/<script\b(?![^>]*noModule)[^>]*\bsrc="([^"]+)"/g)].map(([, path]) => path!),
  );
  expect(scripts.size).toBeGreaterThan(3);
  let bytes = 0;
  for (const path of scripts) {
    const script = await fetch(server.origin + path);
    expect(script.status).toBe(200);
    bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
  }
  expect(bytes).toBeLessThanOrEqual(250_000);
});

test('the page and its files carry the usual headers and a strict policy', async () => {
  const page = await fetch(server.origin);
  const html = await page.text();
  const policy = page.headers.get('content-security-policy')!;
  const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  for (const directive of [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
    expect(policy).toContain(directive);
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toMatch(/ src="\/|nonce="/);
  expect(html).toContain(`nonce="${nonce}"`);
  expect((await fetch(server.origin)).headers.get('content-security-policy')).not.toBe(policy);
  for (const path of ['/', '/icon.svg', '/api/health', '/nowhere']) {
    const { headers } = await fetch(server.origin + path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
    });
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test.runIf(existsSync('/proc/net/tcp'))('it listens on the loopback only, whatever HOST says', async () => {
  // As the kernel writes them: addresses in hexadecimal, 0A for a listening socket.
  const port = Number(new URL(server.origin).port).toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const listening = [...tables.join('\n').matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)];
  const own = listening.filter(([, , at]) => at === port).map(([, address]) => address);
  expect(own).toEqual(['0100007F']);
});

test('other machines cannot reach it', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  const refused = await Promise.all(
    outside.map(
      ({ address }) =>
        new Promise<boolean>((resolve) => {
          const socket = connect(Number(new URL(server.origin).port), address);
          socket.on('connect', () => resolve(false));
          socket.on('error', () => resolve(true));
          socket.on('close', () => socket.destroy());
        }),
    ),
  );
  expect(refused).not.toContain(false);
});
