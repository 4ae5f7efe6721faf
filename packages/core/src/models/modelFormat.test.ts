// Model folders of any kind: what comes back, buffers included, and what is refused before it costs memory.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { useBackend } from '../backend/index.ts';
import { FormatError } from '../errors/index.ts';
import { readSafetensors } from '../files/index.ts';
import { BatchNorm1d, Linear, Module } from '../nn/index.ts';
import { Rng } from '../random/index.ts';
import {
  type ModelConfig,
  type ModelFormat,
  architecture,
  field,
  loadModel,
  openModel,
  saveModel,
} from './index.ts';

interface NetConfig {
  inputs: number;
  hidden: number;
  kind?: 'narrow' | 'wide';
  depth?: number;
}

class Net extends Module {
  first: Linear;
  norm: BatchNorm1d;
  tied: Linear;
  more: Linear[];

  constructor({ inputs, hidden, depth = 0 }: NetConfig, { rng }: { rng: Rng }) {
    super();
    this.first = new Linear(inputs, hidden, { rng });
    this.norm = new BatchNorm1d(hidden);
    this.tied = this.first;
    this.more = Array.from({ length: depth }, () => new Linear(hidden, hidden, { rng }));
  }
}

interface Config extends ModelConfig {
  format: 'test-net';
  labels: { first: string };
}

const kind: ModelFormat<Net, Config> = {
  operation: 'Net.load',
  what: 'a net',
  format: 'test-net',
  architectures: {
    net: architecture<NetConfig, Net>(
      { inputs: field.size, hidden: field.size, kind: field.optional(field.oneOf('narrow', 'wide')), depth: field.optional(field.layers) },
      (config, options) => new Net(config, options),
    ),
  },
  fields: () => ({ labels: field.object({ first: field.text }) }),
};
const config = {
  format: 'test-net',
  version: 1,
  architecture: 'net',
  model: { inputs: 3, hidden: 4 },
  labels: { first: 'a' },
};
const load = async (path: string) => loadModel(await openModel(path, kind), kind);
const saved = async (change: object = {}) => {
  const path = await temporaryFolder();
  const model = new Net({ inputs: 3, hidden: 4 }, { rng: new Rng(1) });
  tf.tidy(() => model.norm.running_mean.assign(tf.tensor1d([1, 2, 3, 4])));
  await saveModel(path, { model, config: { ...config, ...change } });
  return { path, model };
};

/** What our own backends have in use; others tell nothing. */
const heapBytes = () => (tf.memory() as { heapBytes?: number }).heapBytes ?? 0;

beforeAll(async () => {
  await useBackend();
});

describe('saveModel and loadModel', () => {
  it('give back parameters and buffers', async () => {
    const { path, model } = await saved();
    await saveModel(path, { config, metrics: { score: 1 } }); // leaves the weights
    const before = tf.memory().numTensors;
    const loaded = await load(path);
    expect(tf.memory().numTensors).toBe(before + Object.keys(model.ownState()).length);
    for (const [name, value] of Object.entries(model.stateDict()))
      expect(loaded.stateDict()[name]!.dataSync(), name).toEqual(value.dataSync());
    expect(loaded.norm.running_mean.dataSync()).toEqual(Float32Array.of(1, 2, 3, 4));
    loaded.dispose();
    model.dispose();
  });

  it('keep matrices of 16 bits as they are stored, where that is faster', async () => {
    const model = new Net({ inputs: 64, hidden: 64 }, { rng: new Rng(1) });
    const sizes = { ...config, model: { inputs: 64, hidden: 64 } };
    const words: number[] = [];
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const path = await temporaryFolder();
      await saveModel(path, { model, config: sizes }, { dtype });
      const before = heapBytes();
      const loaded = await load(path);
      words.push(heapBytes() - before);
      const state = await readSafetensors(join(path, 'model.safetensors'));
      expect(loaded.first.weight.dataSync()).toEqual(state['first.weight']!.dataSync());
      tf.dispose([state, Object.values(loaded.ownState())]);
    }
    const [whole, ...halves] = words;
    const saving = tf.getBackend() === 'native' ? (64 * 64 * 4) / 2 : 0;
    expect(halves).toEqual([whole! - saving, whole! - saving]);
    model.dispose();
  });

  it.each<[what: string, change: object, message: string]>([
    ['another format', { format: 'other', x: 1 }, 'its field "format" is missing or wrong, got "other"'],
    ['another version', { version: 2 }, 'its field "version" is missing or wrong, got 2; it must be one of 1'],
    ['an unknown architecture', { architecture: 'nett' }, 'its field "architecture" is missing or wrong, got "nett"'],
    ['no model', { model: null }, 'its field "model" is missing or wrong, got null; it must be an object'],
    ['a list', { model: [] }, 'its field "model" is missing or wrong'],
    ['a wrong field', { model: { inputs: 3, hidden: 0.5 } }, '"model.hidden" is missing or wrong, got 0.5; it must be an integer from 1 to 1048576'],
    ['a wrong choice', { model: { inputs: 3, hidden: 4, kind: 'big' } }, '"model.kind" is missing or wrong, got "big"; it must be one of "narrow", "wide"'],
    ['a missing field', { model: { hidden: 4 } }, '"model.inputs" is missing or wrong'],
    ['a mistyped field', { model: { inputs: 3, hiden: 4 } }, 'it has no field "model.hiden", got 4; did you mean "hidden"?'],
    ['a further field', { model: { inputs: 3, hidden: 4, bias: 1 } }, 'it has no field "model.bias", got 1; valid: inputs, hidden, kind, depth'],
    ['a further field of its own', { labels: { first: 'a', second: 'b' } }, 'it has no field "labels.second"'],
    ['an inherited field', { model: { inputs: 3, hidden: 4, constructor: 4 } }, 'it has no field "model.constructor"'],
    ['sizes beyond the weights', { model: { inputs: 2 ** 20, hidden: 2 ** 20 } }, 'must describe a net that fits its weights'],
    ['many small layers', { model: { inputs: 300, hidden: 300, depth: 64 } }, 'must describe a net that fits its weights'],
    ['many times the weights', { model: { inputs: 1500, hidden: 1000 } }, 'must describe a net that fits its weights'],
  ])('refuse %s, and leave nothing behind', async (_, change, message) => {
    const { path, model } = await saved(change);
    const before = tf.memory().numTensors;
    const failure = await load(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FormatError);
    expect((failure as Error).message).toContain(message);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  }); // prettier-ignore

  it('refuse weights of another shape and broken files, and leave nothing behind', async () => {
    const { path, model } = await saved({ model: { inputs: 4, hidden: 4 } });
    const before = tf.memory().numTensors;
    await expect(load(path)).rejects.toThrow('first.weight must be [4, 4], got [4, 3]');
    await writeFile(join(path, 'model.safetensors'), 'x');
    await expect(load(path)).rejects.toThrow('at least 8 bytes');
    await writeFile(join(path, 'config.json'), '[]');
    await expect(load(path)).rejects.toThrow('must hold a JSON object');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

afterAll(() => expect(tf.memory().numTensors).toBe(0));
