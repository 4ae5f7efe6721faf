// recurrent: one layer of an RNN, GRU or LSTM over the whole sequence, in one direction.
import { Recurrent, RecurrentGrad, type Cell, type RecurrentAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { defineFusedRule } from '../autograd/rules.ts';
import { checkShape, checkType } from './check.ts';
import { gradientKernel, hasKernel, isRecording, runKernel } from './kernel.ts';
import {
  composeRecurrent,
  type RecurrentInputs,
  type RecurrentOptions,
  type RecurrentResult,
} from './recurrentReference.ts';

/** Gate blocks in a cell's weights. */
export const gates: Record<Cell, number> = { rnnTanh: 1, rnnRelu: 1, gru: 3, lstm: 4 };

/**
 * Runs a recurrent layer over [batch, steps, in]. Weights have PyTorch's layout and gate order; GRU is PyTorch's
 * (the reset gate acts on `W_hn h + b_hn`). Book: gru, lstm, rnn-concise.
 *
 * @throws ShapeError when sizes do not fit.
 */
export function recurrent(inputs: RecurrentInputs, options: RecurrentOptions): RecurrentResult {
  checkRecurrent(inputs, options.cell);
  if (!hasKernel(Recurrent)) return composeRecurrent(inputs, options);
  const { cell, reverse = false } = options;
  const attrs: RecurrentAttrs = { cell, reverse, training: isRecording() };
  const [output, hN, cN] = runKernel(Recurrent, { ...inputs }, attrs) as [tf.Tensor, tf.Tensor, tf.Tensor?];
  return cell === 'lstm' && cN !== undefined ? { output, hN, cN } : { output, hN };
}

function checkRecurrent(inputs: RecurrentInputs, cell: Cell): void {
  const { x, weightIh, weightHh, biasIh, biasHh, h0, c0, lengths } = inputs;
  const name = 'recurrent';
  checkType(name, 'x', x, 'float32');
  checkShape(name, 'weightHh', weightHh, ['gates · hidden', 'hidden']);
  const hiddenSize = weightHh.shape[1] as number;
  const wide = gates[cell] * hiddenSize;
  checkShape(name, 'weightHh', weightHh, [wide, hiddenSize], `${cell} has ${gates[cell]} gates`);
  checkShape(name, 'weightIh', weightIh, [wide, 'in']);
  checkShape(name, 'x', x, ['batch', 'steps', weightIh.shape[1] as number], 'add the missing axis');
  const batch = x.shape[0] as number;
  if (biasIh !== undefined) checkShape(name, 'biasIh', biasIh, [wide]);
  if (biasHh !== undefined) checkShape(name, 'biasHh', biasHh, [wide]);
  if (h0 !== undefined) checkShape(name, 'h0', h0, [batch, hiddenSize]);
  if (c0 !== undefined) checkShape(name, 'c0', c0, [batch, hiddenSize]);
  if (lengths !== undefined) {
    checkType(name, 'lengths', lengths, 'int32');
    checkShape(name, 'lengths', lengths, [batch]);
  }
}

defineFusedRule(Recurrent, {
  inputs: ['x', 'weightIh', 'weightHh', 'biasIh', 'biasHh', 'h0', 'c0', 'lengths'],
  outputs: ['y'],
  backward: ({ dy, gradient, input, output, attrs: { cell, reverse }, needs }) => {
    const wanted = {
      x: needs('x'),
      weights: needs('weightIh') || needs('weightHh'),
      bias: needs('biasIh') || needs('biasHh'),
      h0: needs('h0'),
      c0: needs('c0'),
    };
    const order = [
      ...(wanted.x ? ['x'] : []),
      ...(wanted.weights ? ['weightIh', 'weightHh'] : []),
      ...(wanted.bias ? ['biasIh', 'biasHh'] : []),
      ...(wanted.h0 ? ['h0'] : []),
      ...(wanted.c0 ? ['c0'] : []),
    ];
    const inputs = {
      dy,
      dhN: gradient('hN'),
      dcN: cell === 'lstm' ? gradient('cN') : undefined,
      x: input('x'),
      weightIh: input('weightIh'),
      weightHh: input('weightHh'),
      biasIh: input('biasIh'),
      biasHh: input('biasHh'),
      h0: input('h0'),
      c0: input('c0'),
      lengths: input('lengths'),
      y: output('y'),
    };
    return gradientKernel(RecurrentGrad, inputs, { cell, reverse, needs: wanted }, order);
  },
});
