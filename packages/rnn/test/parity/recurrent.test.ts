// RNN, GRU and LSTM against PyTorch (golden/recurrent.py): layers 1 to 3, both directions, lengths, initial states.
import { fileURLToPath } from 'node:url';
import { GRU, LSTM, RNN, Rng, readSafetensors, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pattern, relativeError } from './pattern.ts';

const [input, hidden, batch, steps] = [3, 4, 3, 5];
const golden = await (async () => {
  await useBackend();
  return readSafetensors(fileURLToPath(new URL('../golden/recurrent.safetensors', import.meta.url)));
})();

/** Outputs, final states and gradients, in the golden script's order. */
function run(name: string): [what: string, values: tf.Tensor][] {
  const [cell, layers, directions, lengths, initial] = name.split(' ') as [
    'rnn' | 'gru' | 'lstm',
    ...string[],
  ];
  const options = { numLayers: Number(layers), bidirectional: directions === 'both', rng: new Rng(1) };
  const layer = new { rnn: RNN, gru: GRU, lstm: LSTM }[cell](input, hidden, options);
  const params = layer.namedParameters();
  params.forEach(([, variable], phase) => variable.assign(pattern(variable.shape, phase)));
  const x = tf.variable(pattern([batch, steps, input], 100));
  const stateShape = [options.numLayers * (options.bidirectional ? 2 : 1), batch, hidden];
  const names = initial === 'h0' ? (cell === 'lstm' ? ['h0', 'c0'] : ['h0']) : [];
  const states = names.map((_, k) => tf.variable(pattern(stateShape, 200 + k)));
  const given = {
    h0: states[0],
    c0: states[1],
    lengths: lengths === '' ? undefined : tf.tensor1d(lengths!.split('.').map(Number), 'int32'),
  };
  const outputs: [string, tf.Tensor][] = [];
  const inputs = [x, ...states, ...params.map(([, variable]) => variable)];
  const { grads } = valueAndGrads(() => {
    for (const [what, tensor] of Object.entries(layer.forward(x, given))) {
      outputs.push([what, tf.keep(tensor as tf.Tensor)]);
    }
    const flat = tf.concat(outputs.map(([, tensor]) => tf.reshape(tensor, [tensor.size])));
    return tf.sum(tf.mul(flat, tf.cos(tf.range(1, flat.size + 1)))) as tf.Scalar;
  }, inputs);
  const gradNames = ['x', ...names, ...params.map(([name]) => name)];
  return [...outputs, ...grads.map((grad, i): [string, tf.Tensor] => [`gradient of ${gradNames[i]}`, grad])];
}

beforeAll(() => useBackend());
afterAll(() => tf.dispose(golden));

it('covers every combination', () => expect(Object.keys(golden)).toHaveLength(72));

it.each(Object.keys(golden))('equals PyTorch: %s', (name) => {
  const expected = golden[name]!.dataSync();
  let at = 0;
  for (const [what, tensor] of run(name)) {
    const wanted = expected.subarray(at, at + tensor.size);
    at += tensor.size;
    expect(relativeError(tensor.dataSync(), wanted), what).toBeLessThanOrEqual(1e-5);
  }
  expect(at).toBe(expected.length);
});
