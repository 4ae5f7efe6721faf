// recurrent: kernel and composition of every cell, both directions, with and without states, biases and lengths.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeRecurrent, gates, recurrent, type RecurrentInputs } from './index.ts';

const cells = ['rnnTanh', 'rnnRelu', 'gru', 'lstm'] as const;

interface Setup {
  cell: (typeof cells)[number];
  batch?: number;
  steps?: number;
  size?: number;
  hidden?: number;
  reverse?: boolean;
  bias?: boolean;
  states?: boolean;
  lengths?: number[];
  only?: 'hN' | 'output';
  differences?: boolean;
}

describeOnBackends('recurrent', (backend) => {
  const check = ({
    cell,
    batch = 2,
    steps = 3,
    size = 2,
    hidden = 3,
    reverse = false,
    bias = true,
    states = false,
    lengths,
    only,
    differences = true,
  }: Setup) => {
    const wide = gates[cell] * hidden;
    const shapes: Record<string, number[]> = {
      x: [batch, steps, size],
      weightIh: [wide, size],
      weightHh: [wide, hidden],
      ...(bias ? { biasIh: [wide], biasHh: [wide] } : {}),
      ...(states ? { h0: [batch, hidden], ...(cell === 'lstm' ? { c0: [batch, hidden] } : {}) } : {}),
    };
    const names = Object.keys(shapes);
    const lens = lengths && tf.tensor1d(lengths, 'int32');
    const run =
      (f: typeof recurrent) =>
      (...given: tf.Tensor[]) => {
        const inputs = Object.fromEntries(
          names.map((name, i) => [name, given[i]]),
        ) as unknown as RecurrentInputs;
        const { output, hN, cN } = f({ ...inputs, lengths: lens }, { cell, reverse });
        return only === 'hN' ? [hN] : only === 'output' ? [output] : [output, hN, cN];
      };
    checkOperation({
      kernel: 'D2LRecurrent',
      backend,
      operation: run(recurrent),
      reference: run(composeRecurrent),
      inputs: () => names.map((name, i) => pattern(shapes[name] as number[], name === 'x' ? 1 : 0.6, i)),
      differences: differences && cell === 'rnnRelu' ? 'near' : differences,
      tolerance: 2e-5,
    });
    lens?.dispose();
  };

  it.each(cells)('runs %s', (cell) => {
    check({ cell });
    check({ cell, states: true, bias: false });
    check({ cell, reverse: true, states: true });
  });

  it.each(cells)('stops %s at each length', (cell) => {
    check({ cell, batch: 3, steps: 3, hidden: 2, lengths: [2, 0, 3] });
    check({ cell, batch: 3, steps: 3, hidden: 2, lengths: [1, 3, 0], reverse: true, states: true });
  });

  it.each(cells)('takes %s with one output used, size 1, nothing, and odd sizes', (cell) => {
    check({ cell, only: 'hN', states: true });
    check({ cell, only: 'output' });
    check({ cell, batch: 1, steps: 1, size: 1, hidden: 1 });
    check({ cell, batch: 0, differences: false });
    check({
      cell,
      batch: 5,
      steps: 7,
      size: 13,
      hidden: 19,
      lengths: [7, 1, 0, 5, 6],
      reverse: true,
      differences: false,
    });
    check({ cell, batch: 17, steps: 4, size: 28, hidden: 33, states: true, differences: false });
  });

  it('gives zeros past the length and the state of the last valid step', () => {
    tf.tidy(() => {
      const inputs = {
        x: pattern([2, 4, 2]),
        weightIh: pattern([9, 2], 1, 1),
        weightHh: pattern([9, 3], 1, 2),
        lengths: tf.tensor1d([2, 0], 'int32'),
      };
      const { output, hN } = recurrent(inputs, { cell: 'gru' });
      expectClose(tf.slice(output, [0, 1, 0], [1, 1, 3]), [...tf.slice(hN, [0, 0], [1, 3]).dataSync()]);
      expect(Math.max(...tf.abs(tf.slice(output, [0, 2, 0], [1, 2, 3])).dataSync())).toBe(0);
      expect(Math.max(...tf.abs(tf.slice(hN, [1, 0], [1, 3])).dataSync())).toBe(0);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      const weights = { weightIh: tf.zeros([9, 2]), weightHh: tf.zeros([9, 3]) };
      expect(() => recurrent({ x: tf.zeros([4, 2]), ...weights }, { cell: 'gru' })).toThrow(
        'recurrent: x must be [batch, steps, 2], got [4, 2]; add the missing axis',
      );
      expect(() => recurrent({ x: tf.zeros([1, 4, 2]), ...weights }, { cell: 'lstm' })).toThrow(
        'recurrent: weightHh must be [12, 3], got [9, 3]; lstm has 4 gates',
      );
    });
  });
});
