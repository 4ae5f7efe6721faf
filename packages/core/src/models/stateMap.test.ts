// Other libraries' names: both ways, what is refused, and that nothing is left behind.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../backend/index.ts';
import type { TensorDict } from '../files/index.ts';
import { type StateMap, readForeign, rename, writeForeign } from './stateMap.ts';

const map: StateMap = {
  of: 'the test',
  older: [[/\.gamma$/, '.weight']],
  rules: [
    rename('wte.weight', 'embedding.weight', { also: ['lm_head.weight'] }),
    rename('h.{i}.mlp.c_fc.weight', 'layers.{i}.linear1.weight', { change: 'transpose' }),
    rename('h.{i}.ln_{n}.{p}', 'layers.{i}.norm{n}.{p}'),
    { theirs: ['h.{i}.q.{p}', 'h.{i}.k.{p}', 'h.{i}.v.{p}'], ours: ['layers.{i}.in_proj_{p}'] },
    { theirs: ['packed.{p}'], ours: ['first.{p}', 'second.{p}'] },
    rename('score.{p}', 'head.{p}', { change: 'reverse' }),
    { theirs: ['h.{i}.attn.bias'], ours: [] },
  ],
};

const matrix = (...rows: number[][]) => tf.tensor2d(rows);
const theirs = (): TensorDict => ({
  'wte.weight': matrix([1, 2], [3, 4], [5, 6]),
  'h.11.mlp.c_fc.weight': matrix([1, 2, 3], [4, 5, 6]),
  'h.11.ln_2.weight': tf.tensor1d([7]),
  'h.0.q.bias': tf.tensor1d([1, 2]),
  'h.0.k.bias': tf.tensor1d([3, 4]),
  'h.0.v.bias': tf.tensor1d([5, 6]),
  'packed.weight': matrix([1], [2], [3], [4]),
  'score.weight': matrix([1, 2], [3, 4]),
});
const plain = (state: TensorDict) =>
  Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.arraySync()]));

beforeAll(async () => {
  await useBackend();
});
afterAll(() => expect(tf.memory().numTensors).toBe(0));

describe('readForeign and writeForeign', () => {
  it('rename, transpose, reverse, pack and split, and undo it', () => {
    const given = theirs();
    const ours = readForeign('test', map, given);
    expect(plain(ours)).toEqual({
      'embedding.weight': [[1, 2], [3, 4], [5, 6]],
      'layers.11.linear1.weight': [[1, 4], [2, 5], [3, 6]],
      'layers.11.norm2.weight': [7],
      'layers.0.in_proj_bias': [1, 2, 3, 4, 5, 6],
      'first.weight': [[1], [2]],
      'second.weight': [[3], [4]],
      'head.weight': [[3, 4], [1, 2]],
    }); // prettier-ignore
    const back = writeForeign('test', map, ours);
    expect(plain(back)).toEqual(plain(given));
    tf.dispose([given, ours, back]);
  });

  it('take the first name of tied values, drop what we have no use for, and know older spellings', () => {
    const given: TensorDict = {
      'lm_head.weight': tf.tensor1d([1]),
      'wte.weight': tf.tensor1d([2]),
      'h.0.attn.bias': tf.tensor1d([3]),
      'h.0.ln_1.gamma': tf.tensor1d([4]),
    };
    const ours = readForeign('test', map, given);
    expect(plain(ours)).toEqual({ 'embedding.weight': [2], 'layers.0.norm1.weight': [4] });
    const { 'wte.weight': first, ...others } = given;
    const reordered = readForeign('test', map, { 'wte.weight': first!, ...others });
    expect(plain(reordered)).toEqual(plain(ours));
    const tied = readForeign('test', map, { 'lm_head.weight': given['lm_head.weight']! });
    expect(plain(tied)).toEqual({ 'embedding.weight': [1] });
    const rules = [rename('a', 'x', { also: ['b'], writeAlso: true })];
    const both = writeForeign('test', { of: 'the test', rules }, { x: given['wte.weight']! });
    expect(plain(both)).toEqual({ a: [2], b: [2] });
    tf.dispose(both);
    tf.dispose([given, ours, reordered, tied]);
  });

  it('refuse unknown names and parts without the others, and leave nothing behind', () => {
    const { 'h.0.v.bias': value, ...without } = theirs();
    const other = { ...without, 'h.0.mlp.c_fd.weight': value! };
    const before = tf.memory().numTensors;
    expect(() => readForeign('test', map, without)).toThrow(
      'test: layers.0.in_proj_bias needs h.0.q.bias, h.0.k.bias, h.0.v.bias, got ["h.0.q.bias", "h.0.k.bias"]',
    );
    expect(() => readForeign('test', map, other)).toThrow(
      'test: every name must be one of the test, got "h.0.mlp.c_fd.weight"; did you mean "h.0.mlp.c_fc.weight"?',
    );
    expect(() => writeForeign('test', map, { 'first.bias': value! })).toThrow('needs first.bias, second.bias');
    expect(tf.memory().numTensors).toBe(before);
    const kept = readForeign('test', { ...map, keepOthers: true }, { other: value! });
    expect(Object.keys(kept)).toEqual(['other']);
    tf.dispose([without, value!, kept]);
  });

  it('ask for a tensor that could not be read only where a rule needs it', () => {
    const given: TensorDict = {};
    const get = () => {
      throw new Error('too wide');
    };
    Object.defineProperty(given, 'h.0.attn.bias', { get });
    expect(readForeign('test', map, given)).toEqual({});
    Object.defineProperty(given, 'wte.weight', { get });
    expect(() => readForeign('test', map, given)).toThrow('too wide');
  });
});
