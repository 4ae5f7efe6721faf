// The backends that tests run on: WebAssembly always, native where the addon was built.
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type D2LBackend, type Kind, loadBackend } from '../src/index.ts';

const hasAddon =
  Boolean(process.env.D2LTS_NATIVE_ADDON) ||
  existsSync(fileURLToPath(new URL('../build/Release/d2l.node', import.meta.url)));

/** Kinds to test; with D2LTS_REQUIRE_NATIVE=1 a missing addon is a failure. */
export const kinds: readonly Kind[] =
  hasAddon || process.env.D2LTS_REQUIRE_NATIVE === '1' ? ['native', 'wasm'] : ['wasm'];

/** Loads and selects a backend. */
export async function use(kind: Kind): Promise<D2LBackend> {
  const backend = await loadBackend(kind);
  await tf.setBackend(kind);
  return backend;
}
