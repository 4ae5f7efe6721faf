// The Elman network written out (the book's section 8.5).
import * as tf from '@tensorflow/tfjs-core';
import { type Params, type ScratchCell, affine, gateParams } from './scratchCell.ts';

/** `H ← tanh(X W_xh + H W_hh + b_h)`, `Y = H W_hq + b_q`, step by step. */
export function rnn(inputs: tf.Tensor[], [H]: tf.Tensor[], params: Params): [tf.Tensor[], tf.Tensor[]] {
  const { W_xh, W_hh, b_h, W_hq, b_q } = params;
  const outputs: tf.Tensor[] = [];
  for (const X of inputs) {
    H = tf.tanh(tf.add(affine(X, W_xh, b_h), tf.matMul(H as tf.Tensor2D, W_hh as tf.Tensor2D)));
    outputs.push(affine(H, W_hq, b_q));
  }
  return [outputs, [H!]];
}

/** The book's `get_params`, `init_rnn_state` and `rnn`. */
export const rnnScratch: ScratchCell = {
  getParams: (vocabSize, numHiddens, rng) => gateParams(['h'], vocabSize, numHiddens, rng),
  initState: (batchSize, numHiddens) => [tf.zeros([batchSize, numHiddens])],
  forward: rnn,
};
