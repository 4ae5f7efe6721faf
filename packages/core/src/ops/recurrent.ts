// recurrent: one layer of an RNN, GRU or LSTM over the whole sequence, in one direction.
import { Recurrent, RecurrentGrad, type Cell } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel, isRecording } from './kernel.ts';
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
  const [output, hN, cN] = runRecurrent(inputs, { cell, reverse, training: isRecording() }) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor?,
  ];
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

const runRecurrent = fusedKernel(Recurrent, {
  inputs: ['x', 'weightIh', 'weightHh', 'h0', 'c0', 'lengths'],
  outputs: ['y'],
  results: ['y', 'hN', 'cN'],
  backward: ({ gradient, input, output, attrs: { cell, reverse }, needs }) =>
    gradientKernel(
      RecurrentGrad,
      {
        dy: gradient('y'),
        dhN: gradient('hN'),
        dcN: gradient('cN'),
        x: input('x'),
        weightIh: input('weightIh'),
        weightHh: input('weightHh'),
        h0: input('h0'),
        c0: input('c0'),
        lengths: input('lengths'),
        y: output('y'),
      },
      {
        cell,
        reverse,
        needs: {
          x: needs('x'),
          weightIh: needs('weightIh'),
          weightHh: needs('weightHh'),
          biasIh: needs('biasIh'),
          biasHh: needs('biasHh'),
          h0: needs('h0'),
          c0: needs('c0'),
        },
      },
    ),
});
