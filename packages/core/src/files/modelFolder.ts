// A model folder: config.json, model.safetensors, tokenizer.json, metrics.json, README.md.
import { join } from 'node:path';
import type { HalfKind } from '@d2lts/backend';
import { DataError } from '../errors/index.ts';
import { atomicWrite, namesIn } from './atomicWrite.ts';
import { readJsonObject, readText, writeJson, type JsonObject } from './json.ts';
import { writeSafetensors, type TensorDict } from './safetensors.ts';
import { countElements, findWeights, halfKindOf, readWeights, shardIndex, wholeFile } from './weightFiles.ts';
import type { FloatDtype } from './writeSafetensors.ts';

/** What goes into a model folder. */
export interface ModelFolderContent {
  /** Everything needed to build the model again. */
  config: JsonObject;
  /** The weights: `model.ownState()`; without them those that are there stay. */
  state?: Readonly<TensorDict>;
  /** A Hugging Face tokenizer.json, as text or as an object. */
  tokenizer?: string | object;
  /** Scores with signature, data, seed, backend, wall time. */
  metrics?: JsonObject;
  /** The model card, Markdown. */
  readme?: string;
  /** Further files by name, for instance a second tokenizer. */
  files?: Readonly<Record<string, string | Uint8Array>>;
}

/** A model folder that was found and whose small files were read; weights are read on demand. */
export interface ModelFolder {
  path: string;
  /** Of its files. */
  names: readonly string[];
  /** Reads a further text file of the folder. */
  readText: (name: string) => Promise<string>;
  config: JsonObject;
  /** The text of tokenizer.json, if there is one. */
  tokenizer?: string;
  metrics?: JsonObject;
  readme?: string;
  /** Reads the weights; the caller disposes them (or passes them to `loadStateDict` and then disposes). */
  readState: () => Promise<TensorDict>;
  /** The 16-bit numbers that all matrices are stored as; undefined where some are not. */
  halfKind: () => Promise<HalfKind | undefined>;
  /** Counts the weights' elements without reading them. */
  countElements: () => Promise<number>;
}

/**
 * Writes a model folder. Each file is replaced atomically, `config.json` last: a folder with it is complete.
 *
 * @example
 * await saveModelFolder('models/fr', { config, state: model.ownState(), tokenizer }, { dtype: 'F16' });
 */
export async function saveModelFolder(
  path: string,
  content: ModelFolderContent,
  options: { dtype?: FloatDtype } = {},
): Promise<void> {
  const { config, state, tokenizer, metrics, readme, files = {} } = content;
  if (state !== undefined) {
    await writeSafetensors(join(path, wholeFile), state, { ...options, metadata: { format: 'pt' } });
  }
  if (tokenizer !== undefined) {
    const text = typeof tokenizer === 'string' ? tokenizer : JSON.stringify(tokenizer, null, 2);
    await atomicWrite(join(path, 'tokenizer.json'), text);
  }
  if (metrics !== undefined) await writeJson(join(path, 'metrics.json'), metrics);
  if (readme !== undefined) await atomicWrite(join(path, 'README.md'), readme);
  for (const [name, data] of Object.entries(files)) await atomicWrite(join(path, name), data);
  await writeJson(join(path, 'config.json'), config);
}

/**
 * Opens a model folder.
 *
 * @throws DataError when a needed file is missing, FormatError when one is broken
 */
export async function loadModelFolder(path: string): Promise<ModelFolder> {
  const names = await namesIn(path);
  const needed = ['config.json', names.includes(shardIndex) ? shardIndex : wholeFile];
  for (const name of needed) {
    if (names.includes(name)) continue;
    throw new DataError({
      operation: 'loadModelFolder',
      fact: `a model folder must hold ${name}`,
      value: path,
      advice:
        names.length === 0
          ? 'the folder is missing or empty; check the path'
          : `it holds ${names.join(', ')}`,
      argument: 'path',
    });
  }
  const config = await readJsonObject(join(path, 'config.json'));
  const weights = await findWeights(path, names);
  const folder: ModelFolder = {
    path,
    names,
    config,
    readText: (name) => readText(join(path, name)),
    readState: () => readWeights(weights),
    halfKind: () => halfKindOf(weights),
    countElements: () => countElements(weights),
  };
  if (names.includes('tokenizer.json')) folder.tokenizer = await readText(join(path, 'tokenizer.json'));
  if (names.includes('metrics.json')) folder.metrics = await readJsonObject(join(path, 'metrics.json'));
  if (names.includes('README.md')) folder.readme = await readText(join(path, 'README.md'));
  return folder;
}
