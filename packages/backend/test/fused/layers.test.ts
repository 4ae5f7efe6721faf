// Linear and recurrent layers, optimizer steps, clipping: against plain TypeScript, and against finite differences.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { D2LBackend } from '../../src/index.ts';
import { difference, loadedKinds, random, run, select } from './kernels.ts';
import { type Cell, runCell } from './recurrentReference.ts';

const kinds = await loadedKinds();
/** All gradients of a recurrent layer. */
const everything = (cell: Cell) => ({
  x: true,
  weightIh: true,
  weightHh: true,
  biasIh: true,
  biasHh: true,
  h0: true,
  c0: cell === 'lstm',
});
const cells: Cell[] = ['rnnTanh', 'rnnRelu', 'gru', 'lstm'];
const gates = { rnnTanh: 1, rnnRelu: 1, gru: 3, lstm: 4 };

interface Sizes {
  batch: number;
  steps: number;
  inputs: number;
  hidden: number;
  lengths?: number[];
  reverse?: boolean;
  /** Inputs are one-hot, all or all but the first row. */
  oneHot?: 'all' | 'most';
}

/** Rows with a single 1, of which the first row may have two. */
function oneHotRows({ batch, steps, inputs, oneHot }: Sizes): tf.Tensor {
  const rows = tf.oneHot(
    Array.from({ length: batch * steps }, (_, i) => (7 * i) % inputs),
    inputs,
  );
  const values = rows.dataSync().map(Number);
  if (oneHot === 'most') values.fill(1, 0, 2);
  return tf.tensor3d([...values], [batch, steps, inputs]);
}

/** All inputs of a recurrent layer. */
function layer(cell: Cell, sizes: Sizes): Record<string, tf.Tensor> {
  const { batch, steps, inputs, hidden, lengths, oneHot } = sizes;
  const wide = gates[cell] * hidden;
  const scale = 1 / Math.sqrt(hidden);
  return {
    x: oneHot ? oneHotRows(sizes) : random([batch, steps, inputs], 1),
    weightIh: tf.mul(random([wide, inputs], 2), scale),
    weightHh: tf.mul(random([wide, hidden], 3), scale),
    biasIh: random([wide], 4),
    biasHh: random([wide], 5),
    h0: random([batch, hidden], 6),
    ...(cell === 'lstm' ? { c0: random([batch, hidden], 7) } : {}),
    ...(lengths ? { lengths: tf.tensor1d(lengths, 'int32') } : {}),
  };
}

const cases: Sizes[] = [
  { batch: 1, steps: 1, inputs: 1, hidden: 1 },
  { batch: 3, steps: 2, inputs: 6, hidden: 37, lengths: [1, 2, 0] }, // few rows in all: weights are not packed
  { batch: 3, steps: 4, inputs: 5, hidden: 7, lengths: [2, 0, 4] },
  { batch: 13, steps: 5, inputs: 3, hidden: 33, reverse: true },
  { batch: 9, steps: 6, inputs: 2, hidden: 17, reverse: true, lengths: [6, 1, 0, 3, 3, 5, 2, 6, 4] },
  { batch: 5, steps: 3, inputs: 11, hidden: 19, oneHot: 'all' },
  { batch: 5, steps: 4, inputs: 3, hidden: 12, oneHot: 'most' },
  { batch: 6, steps: 5, inputs: 4, hidden: 10, oneHot: 'all', reverse: true, lengths: [5, 1, 0, 3, 3, 2] },
  { batch: 2, steps: 5, inputs: 11, hidden: 8, oneHot: 'all' }, // more inputs than rows
];

describe.each(kinds)('layers (%s)', (kind) => {
  let backend: D2LBackend;
  beforeAll(async () => {
    backend = await select(kind, 2);
  });

  it.each(cells)('runs %s as written out', (cell) => {
    for (const sizes of cases)
      tf.tidy(() => {
        const inputs = layer(cell, sizes);
        const { reverse = false } = sizes;
        const expected = runCell(
          cell,
          Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor.dataSync()])),
          sizes,
        );
        for (const training of [false, true]) {
          const outputs = run('D2LRecurrent', inputs, { cell, reverse, training });
          expect(outputs.length).toBe(expected.length);
          outputs.forEach((output, i) =>
            expect(difference(output.dataSync(), expected[i] as number[])).toBeLessThan(3e-6),
          );
        }
      });
  });

  it.each(cells)('differentiates %s', (cell) => {
    for (const sizes of cases.slice(1))
      tf.tidy(() => {
        const inputs = layer(cell, sizes);
        const attrs = { cell, reverse: sizes.reverse ?? false, training: true };
        const outputs = run('D2LRecurrent', inputs, attrs);
        const dys = outputs.map(({ shape }, i) => random(shape, 20 + i));
        const { biasIh, biasHh, ...rest } = inputs;
        const gradients = run(
          'D2LRecurrentGrad',
          {
            ...rest,
            dy: dys[0] as tf.Tensor,
            dhN: dys[1] as tf.Tensor,
            ...(dys[2] ? { dcN: dys[2] } : {}),
            y: outputs[0] as tf.Tensor,
          },
          { cell, reverse: attrs.reverse, needs: everything(cell) },
        );
        const names = ['x', 'weightIh', 'weightHh', 'biasIh', 'biasHh', 'h0', 'c0'].filter(
          (name) => name in { ...inputs, biasIh, biasHh },
        );
        expect(gradients.map(({ shape }) => shape)).toEqual(names.map((name) => inputs[name]?.shape));
        // Σ dy·f moves along a direction as the gradients say.
        const value = (t: number) =>
          run(
            'D2LRecurrent',
            Object.fromEntries(
              Object.entries(inputs).map(([name, tensor]) => [
                name,
                names.includes(name)
                  ? tf.add(tensor, tf.mul(random(tensor.shape, 40 + names.indexOf(name)), t))
                  : tensor,
              ]),
            ),
            attrs,
          ).reduce((total, y, i) => total + dot(y, dys[i] as tf.Tensor), 0);
        const step = 2 ** -9;
        const slope = (value(step) - value(-step)) / (2 * step);
        const expected = gradients.reduce((total, g, i) => total + dot(g, random(g.shape, 40 + i)), 0);
        const size = gradients.reduce((total, g) => total + Math.sqrt(dot(g, g)), 0);
        // A kink of the ReLU between the two points costs accuracy.
        expect(Math.abs(slope - expected) / size).toBeLessThan(cell === 'rnnRelu' ? 2e-2 : 2e-3);
      });
  });

  it('gives the same bits again and on other numbers of threads', async () => {
    const sizes = { batch: 11, steps: 6, inputs: 40, hidden: 64 };
    const once = (): ArrayLike<number>[] =>
      tf.tidy(() => {
        const inputs = layer('gru', sizes);
        const [y, hN] = run('D2LRecurrent', inputs, { cell: 'gru', reverse: false, training: true });
        const product = tf.matMul(random([130, 300], 8) as tf.Tensor2D, random([300, 70], 9) as tf.Tensor2D);
        const { biasIh, biasHh, ...rest } = inputs;
        const gradients = run(
          'D2LRecurrentGrad',
          { ...rest, dy: random([11, 6, 64], 5), dhN: hN as tf.Tensor, y: y as tf.Tensor },
          { cell: 'gru', reverse: false, needs: everything('gru') },
        );
        void [biasIh, biasHh];
        return [y as tf.Tensor, product, ...gradients].map((tensor) => tensor.dataSync());
      });
    const two = once();
    expect(same(once(), two)).toBe(true);
    await select(kind, 1);
    expect(same(once(), two)).toBe(true);
    await select(kind, 2);
  });

  it('handles empty batches', () => {
    tf.tidy(() => {
      const inputs = layer('lstm', { batch: 0, steps: 3, inputs: 2, hidden: 4 });
      const [y, hN, cN] = run('D2LRecurrent', inputs, { cell: 'lstm', reverse: false, training: true });
      expect([y, hN, cN].map((tensor) => tensor?.shape)).toEqual([
        [0, 3, 4],
        [0, 4],
        [0, 4],
      ]);
    });
  });

  it('wants the forward pass to have kept what the gradient needs', () => {
    tf.tidy(() => {
      const [x, weight] = [random([2, 3]), random([4, 3], 2)];
      const [y] = run('D2LLinear', { x, weight }, { activation: 'gelu', training: false }) as [tf.Tensor];
      const needs = { x: true, weight: true, bias: true };
      expect(() => run('D2LLinearGrad', { dy: y, x, weight, y }, { activation: 'gelu', needs })).toThrow(
        'LinearGrad: the forward kernel kept no values',
      );
      const inputs = layer('gru', { batch: 2, steps: 2, inputs: 2, hidden: 2 });
      const [h] = run('D2LRecurrent', inputs, { cell: 'gru', reverse: false, training: false }) as [
        tf.Tensor,
      ];
      expect(() =>
        run(
          'D2LRecurrentGrad',
          { ...inputs, dy: h, y: h },
          { cell: 'gru', reverse: false, needs: everything('gru') },
        ),
      ).toThrow('RecurrentGrad: the forward kernel kept no gates');
    });
  });

  it('measures and scales gradients in place, unless others share them', () => {
    tf.tidy(() => {
      const tensors = [random([3, 5]), random([70000], 2), tf.zeros([0])];
      const expected = Math.sqrt(tensors.reduce((total, tensor) => total + dot(tensor, tensor), 0));
      expect(backend.globalNorm(tensors) / expected).toBeCloseTo(1, 6);
      expect(backend.globalNorm([])).toBe(0);
      const before = tensors.map((tensor) => tensor.dataSync().slice());
      expect(backend.scaleInPlace(tensors, 0.5)).toBe(true);
      const halves = before.map((values) => values.map((value) => value * 0.5));
      expect(
        same(
          tensors.map((tensor) => tensor.dataSync()),
          halves,
        ),
      ).toBe(true);
      const shared = [random([4]), random([4], 2)];
      const view = tf.reshape(shared[0] as tf.Tensor, [2, 2]);
      expect(backend.scaleInPlace(shared, 2)).toBe(false);
      expect(view.dataSync()).toEqual(random([4]).dataSync());
    });
  });

  it('updates a variable but not the clones that share its data', () => {
    const param = tf.variable(random([20]));
    const clone = tf.clone(param);
    const before = clone.dataSync().slice();
    const gradient = random([20], 2);
    backend.optimizerStep([
      {
        update: {
          kind: 'sgd',
          lr: 0.5,
          weightDecay: 0.1,
          momentum: 0,
          dampening: 0,
          nesterov: false,
          step: 1,
        },
        param,
        gradient,
        state: [],
      },
    ]);
    const g = gradient.dataSync();
    expect(clone.dataSync()).toEqual(before);
    expect(
      difference(
        param.dataSync(),
        before.map((value, i) => value - 0.5 * ((g[i] as number) + 0.1 * value)),
      ),
    ).toBeLessThan(1e-7);
    tf.dispose([param, clone, gradient]);
  });
});

/** Whether all values agree bit for bit; much faster than toEqual. */
function same(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): boolean {
  return (
    a.length === b.length &&
    a.every((values, i) => {
      const other = b[i] as ArrayLike<number>;
      return (
        values.length === other.length && Array.from(values).every((value, j) => Object.is(value, other[j]))
      );
    })
  );
}

function dot(a: tf.Tensor, b: tf.Tensor): number {
  const [left, right] = [Float32Array.from(a.dataSync()), b.dataSync()];
  return left.reduce((total, value, i) => total + value * (right[i] as number), 0);
}
