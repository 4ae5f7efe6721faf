// RNN, GRU and LSTM against PyTorch (golden/recurrent.py): layers 1 to 3, both directions, lengths, initial states,
// and a large case of each.
import { fileURLToPath } from 'node:url';
import { GRU, LSTM, RNN, Rng, readSafetensors, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { largest, largestDifference, pattern, relativeError } from './pattern.ts';

const sizes = { small: [3, 4, 3, 5], large: [16, 64, 2, 35] } as const; // input, hidden, batch, steps
const kept = { small: 1, large: 5 }; // every so many values

const sizeOf = (name: string) => (name.endsWith(' large') ? 'large' : 'small');
const golden = await (async () => {
  await useBackend();
  return readSafetensors(fileURLToPath(new URL('golden/recurrent.safetensors', import.meta.url)));
})();

/** Outputs, final states and gradients, in the golden script's order. */
function run(name: string): [what: string, values: tf.Tensor][] {
  const [cell, layers, directions, lengths, initial] = name.split(' ') as [
    'rnn' | 'gru' | 'lstm',
    ...string[],
  ];
  const [input, hidden, batch, steps] = sizes[sizeOf(name)];
  const scaled = (shape: number[], phase: number) => tf.mul(pattern(shape, phase), 2 / Math.sqrt(hidden));
  const options = { numLayers: Number(layers), bidirectional: directions === 'both', rng: new Rng(1) };
  const layer = new { rnn: RNN, gru: GRU, lstm: LSTM }[cell](input, hidden, options);
  const params = layer.namedParameters();
  params.forEach(([, variable], phase) => variable.assign(scaled(variable.shape, phase)));
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

it('covers every combination', () => expect(Object.keys(golden)).toHaveLength(75));

it.each(Object.keys(golden))('equals PyTorch: %s', (name) => {
  const expected = golden[name]!.dataSync();
  const every = kept[sizeOf(name)];
  let [at, start] = [0, 0]; // in what was kept, and the first kept value's place in the next tensor
  for (const [what, tensor] of run(name)) {
    const values = Array.from(tensor.dataSync()).filter((_, i) => i % every === start);
    start = (((start - tensor.size) % every) + every) % every;
    const wanted = expected.subarray(at, at + values.length);
    at += values.length;
    expect(relativeError(values, wanted), what).toBeLessThanOrEqual(1e-5);
    // Absolutely too, where single precision allows it.
    if (largest(wanted) <= 8) expect(largestDifference(values, wanted), what).toBeLessThanOrEqual(1e-5);
  }
  expect(at).toBe(expected.length);
});
