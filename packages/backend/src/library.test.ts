// Loading: one library a kind, unknown kernels, sentences for what is missing, the processor guard.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultThreads, loadLibrary, MissingKernelError } from './library.ts';

/** A fresh copy of the loader, as in a process that has loaded nothing. */
async function freshLoader(): Promise<typeof loadLibrary> {
  vi.resetModules();
  const key = Symbol.for('@d2lts/backend/libraries');
  const libraries = globalThis as { [key: symbol]: unknown };
  const kept = libraries[key];
  libraries[key] = new Map();
  const { loadLibrary: fresh } = await import('./library.ts');
  libraries[key] = kept;
  return fresh;
}

describe('loadLibrary', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'd2lts-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('loads WebAssembly once, with one thread', async () => {
    const library = await loadLibrary('wasm', 4);
    expect(await loadLibrary('wasm')).toBe(library);
    expect(library.threads).toBe(1);
    expect(library.has('binary')).toBe(true);
    expect(() => library.op('nothing')).toThrow(MissingKernelError);
  });

  it('says what is missing', async () => {
    vi.stubEnv('D2LTS_NATIVE_ADDON', join(folder, 'd2l.node'));
    vi.stubEnv('D2LTS_WASM_KERNELS', join(folder, 'kernels.wasm'));
    const load = await freshLoader();
    await expect(load('native')).rejects.toThrow('the native addon was not built');
    await expect(load('wasm')).rejects.toThrow('wasm/kernels.wasm is missing');
  });

  it.runIf(process.platform === 'linux')('refuses an addon of another processor', async () => {
    vi.stubEnv('D2LTS_NATIVE_ADDON', join(folder, 'd2l.node'));
    writeFileSync(join(folder, 'd2l.node'), '');
    writeFileSync(join(folder, 'processor.txt'), 'avx9001\n');
    const load = await freshLoader();
    await expect(load('native')).rejects.toThrow('built for another processor (with avx9001)');
  });

  it('takes the thread count from the environment', () => {
    vi.stubEnv('D2LTS_THREADS', '3');
    expect(defaultThreads()).toBe(3);
    vi.stubEnv('D2LTS_THREADS', 'many');
    expect(defaultThreads()).toBeGreaterThan(0);
  });
});
