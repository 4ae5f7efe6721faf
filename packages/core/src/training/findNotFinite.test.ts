// Where NaN or infinity is said to come from.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { Net } from '../../test/trainingTask.ts';
import { useBackend } from '../backend/index.ts';
import { Rng } from '../random/index.ts';
import { findNotFinite } from './index.ts';

beforeAll(async () => {
  await useBackend();
});

/** A net whose layers add these numbers to their outputs. */
function net(hidden: number[], output: number[]) {
  const model = new Net(new Rng(1), 0);
  const forward = model.hidden.forward.bind(model.hidden);
  model.hidden.forward = (x) => tf.add(forward(x), tf.tensor1d(hidden));
  model.output.forward = () => tf.tensor2d([output]);
  return { model, look: () => findNotFinite(model, () => model.forward(tf.ones([1, 2]))) };
}

const none = Array<number>(8).fill(0);
const infinite = [Infinity, ...none.slice(1)];

it.each([
  ['NaN before an earlier infinity', infinite, [NaN], 'the output of module output (Linear) holds NaN'],
  ['the first NaN', [NaN, ...none.slice(1)], [NaN], 'the output of module hidden (Linear) holds NaN'],
  ['the first infinity', infinite, [-Infinity], 'the output of module hidden (Linear) holds infinity'],
  ['NaN behind an infinity', none, [1, Infinity, NaN], 'the output of module output (Linear) holds NaN'],
])('names %s', (_, hidden, output, sentence) => {
  const { model, look } = net(hidden, output);
  const before = tf.memory().numTensors;
  expect(look()?.sentence).toBe(sentence);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it('names a parameter, and nothing where all is finite', () => {
  const { model, look } = net(none, [1]);
  expect(look()).toBeUndefined();
  const bad = tf.tensor1d([NaN]);
  model.output.bias!.assign(bad);
  expect(look()).toEqual({
    kind: 'parameter',
    name: 'output.bias',
    sentence: 'parameter output.bias holds NaN',
  });
  tf.dispose(bad);
  model.dispose();
});
