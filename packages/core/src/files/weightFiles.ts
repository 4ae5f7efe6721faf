// The weights of a model folder: one safetensors file, or shards that an index names (Hugging Face's larger models).
import { join } from 'node:path';
import type { HalfKind } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { DataError, FormatError } from '../errors/index.ts';
import { readJsonObject } from './json.ts';
import { readSafetensors, type TensorDict } from './safetensors.ts';
import { SafetensorsFile } from './safetensorsFile.ts';
import { sizeOf } from './safetensorsTypes.ts';

export const wholeFile = 'model.safetensors';
export const shardIndex = 'model.safetensors.index.json';
const operation = 'loadModelFolder';

/** Where a folder's weights are: files, and which tensors each must hold (all that it has, without an index). */
export type WeightFiles = ReadonlyMap<string, readonly string[] | undefined>;

/** Finds the files; `names` are the folder's. @throws DataError or FormatError for an index that does not hold */
export async function findWeights(path: string, names: readonly string[]): Promise<WeightFiles> {
  if (names.includes(wholeFile)) return new Map([[join(path, wholeFile), undefined]]);
  const { weight_map: map } = await readJsonObject(join(path, shardIndex));
  const files = new Map<string, string[]>();
  for (const [tensor, file] of Object.entries(map ?? {})) {
    if (typeof file !== 'string' || !/^[\w.-]+\.safetensors$/.test(file)) {
      const fact = `${shardIndex} must map tensors to names of safetensors files`;
      throw new FormatError({ operation, fact, value: file, argument: tensor });
    }
    if (!names.includes(file)) {
      throw new DataError({
        operation,
        fact: `a shard of ${shardIndex} is missing`,
        value: file,
        argument: 'path',
      });
    }
    const place = join(path, file);
    const held = files.get(place) ?? [];
    held.push(tensor);
    files.set(place, held);
  }
  if (files.size > 0) return files;
  throw new FormatError({ operation, fact: `${shardIndex} must have a weight_map`, value: map });
}

/** Reads all tensors; the caller disposes them. @throws FormatError when a shard has not the tensors that it must */
export async function readWeights(files: WeightFiles): Promise<TensorDict> {
  const all: TensorDict = {};
  try {
    for (const [file, wanted] of files) {
      const part = await readSafetensors(file);
      const found = Object.getOwnPropertyNames(part);
      const twice = found.find((name) => Object.hasOwn(all, name));
      const missing = wanted?.find((name) => !Object.hasOwn(part, name));
      if (twice === undefined && missing === undefined) {
        Object.defineProperties(all, Object.getOwnPropertyDescriptors(part));
        continue;
      }
      tf.dispose(part);
      throw new FormatError({
        operation,
        fact:
          twice === undefined
            ? `${file} must hold ${missing}`
            : `${file} must not hold what another shard has`,
        value: twice ?? found,
      });
    }
    return all;
  } catch (error) {
    tf.dispose(all);
    throw error;
  }
}

/** The 16-bit numbers that all matrices are stored as; undefined where some are not. */
export async function halfKindOf(files: WeightFiles): Promise<HalfKind | undefined> {
  const kinds = new Set<string>();
  for (const path of files.keys()) {
    const file = await SafetensorsFile.open(path);
    await file.close();
    for (const name of file.names) {
      const { dtype, shape } = file.info(name);
      if (shape.length >= 2) kinds.add(dtype);
    }
  }
  const [kind, ...others] = kinds;
  if (others.length > 0) return undefined;
  return kind === 'F16' ? 'float16' : kind === 'BF16' ? 'bfloat16' : undefined;
}

/** Counts elements without reading them. */
export async function countElements(files: WeightFiles): Promise<number> {
  let sum = 0;
  for (const path of files.keys()) {
    const file = await SafetensorsFile.open(path);
    await file.close();
    for (const name of file.names) sum += sizeOf(file.info(name).shape);
  }
  return sum;
}
