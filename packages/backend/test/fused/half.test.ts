// Weights kept as 16-bit numbers: rounding, products and look-ups of them, and what makes them floats again.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { D2LBackend, HalfKind } from '../../src/index.ts';
import { difference, loadedKinds, random, run, select } from './kernels.ts';

const halves: [kind: HalfKind, bits: number, least: number][] = [
  ['float16', 10, -14],
  ['bfloat16', 7, -126],
];

/** The nearest number with this many bits after the first, of two the even one. */
function rounded(x: number, bits: number, least: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const quantum = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), least) - bits);
  const whole = Math.floor(x / quantum);
  const rest = x / quantum - whole;
  return (rest > 0.5 || (rest === 0.5 && whole % 2 !== 0) ? whole + 1 : whole) * quantum;
}

describe.each(await loadedKinds())('numbers of 16 bits (%s)', (name) => {
  let backend: D2LBackend;
  beforeAll(async () => {
    backend = await select(name, 2);
  });

  it.each(halves)('rounds to %s as IEEE 754 says', (kind, bits, least) => {
    const quantum = 2 ** (least - bits);
    const steps = [0, -0, 3, 1.5, 0.5, -2.5, 2 ** bits, 2 ** bits - 0.25].map((count) => count * quantum);
    const ties = [1, 3, 2 ** (bits + 1) - 0.5].map((count) => 1 + count * 2 ** (-bits - 1));
    const numbers = [...random([3001]).dataSync(), ...steps, ...ties, 1, Infinity, -Infinity];
    const variable = tf.variable(tf.tensor1d(numbers));
    backend.narrow(variable, kind);
    variable.dataSync().forEach((value, i) => {
      expect(
        Object.is(value, rounded(Math.fround(numbers[i]!), bits, least)),
        `${numbers[i]} gives ${value}`,
      ).toBe(true);
    });
    variable.dispose();
  });

  it('rounds the largest to infinity, and keeps NaN', () => {
    const variable = tf.variable(tf.tensor1d([65504, 65519, 65520, -1e9, Number.NaN]));
    backend.narrow(variable, 'float16');
    expect([...variable.dataSync()]).toEqual([65504, 65504, Infinity, -Infinity, Number.NaN]);
    variable.dispose();
  });

  it.each(halves)('multiplies and looks up %s as the same numbers in float32', (kind) => {
    for (const [out, size] of [
      [1, 1],
      [5, 7],
      [33, 64],
      [100, 129],
      [9, 530],
    ] as const) {
      tf.tidy(() => {
        const [half, whole] = [1, 1].map((seed) => tf.variable(random([out, size], seed)));
        backend.narrow(half!, kind);
        whole!.assign(tf.tensor2d(tf.clone(half!).dataSync() as Float32Array, [out, size]));
        backend.narrow(half!, kind);
        const bias = random([out], 3);
        for (const rows of [0, 1, 2, 5, 8, 9, 40]) {
          const x = random([rows, size], 2);
          const attrs = { activation: 'relu', training: false };
          const [a, b] = [half, whole].map((weight) =>
            run('D2LLinear', { x, weight: weight!, bias }, attrs)[0]!.dataSync(),
          );
          expect(difference(a!, b!)).toBeLessThan(1e-6);
        }
        const ids = tf.tensor1d([out - 1, 0, 0], 'int32');
        const [a, b] = [half, whole].map((weight) =>
          run('D2LEmbedding', { ids, weight: weight! }, { scale: 3 })[0]!.dataSync(),
        );
        expect(a).toEqual(b);
        tf.dispose([half!, whole!]);
      });
    }
  });

  it('keeps rows that are cut out, and gives all memory back', () => {
    const bytes = () => backend.memory().heapBytes;
    const before = bytes();
    const initial = random([64, 32]);
    const variable = tf.variable(initial);
    initial.dispose();
    const whole = bytes() - before;
    backend.narrow(variable, 'float16');
    expect(bytes() - before).toBe(whole / 2);
    const rows = tf.slice(variable, [16, 0], [32, 32]);
    expect(bytes() - before).toBe(whole * 0.75);
    const columns = tf.slice(variable, [0, 1], [64, 3]); // needs floats
    expect([...columns.dataSync().subarray(3 * 16, 3 * 17)]).toEqual([...rows.dataSync().subarray(1, 4)]);
    tf.dispose([variable, rows, columns]);
    expect(bytes()).toBe(before);
  });

  it('makes floats of them for other kernels, while these write their words', () => {
    tf.tidy(() => {
      const [a, b] = [1, 2].map((seed) => tf.variable(random([7, 5], seed)));
      const expected = tf.add(a!, b!).dataSync();
      backend.narrow(a!, 'bfloat16');
      backend.narrow(b!, 'bfloat16');
      tf.add(a!, b!)
        .dataSync()
        .forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2 ** -7));
      expect(tf.sub(a!, a!).dataSync()).toEqual(new Float32Array(35));
      tf.dispose([a!, b!]);
    });
  });

  it('rounds a variable but not the clones that share its data', () => {
    tf.tidy(() => {
      const variable = tf.variable(tf.tensor1d([0.1, 0.2]));
      const clone = tf.clone(variable);
      backend.narrow(variable, 'bfloat16');
      expect(clone.dataSync()).toEqual(new Float32Array([0.1, 0.2]));
      expect(variable.dataSync()).not.toEqual(clone.dataSync());
      variable.dispose();
    });
  });
});
