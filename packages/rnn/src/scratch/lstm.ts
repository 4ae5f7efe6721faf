// Long short-term memory written out (the book's section 9.2).
import * as tf from '@tensorflow/tfjs-core';
import { type Params, type ScratchCell, affine, gateParams } from './scratchCell.ts';

/**
 * Gates `I`, `F`, `O = σ(X W_x· + H W_h· + b_·)`, `C̃ = tanh(X W_xc + H W_hc + b_c)`, `C ← F ⊙ C + I ⊙ C̃`,
 * `H ← O ⊙ tanh(C)`, `Y = H W_hq + b_q`, step by step. The state is `[H, C]`.
 */
export function lstm(inputs: tf.Tensor[], [H, C]: tf.Tensor[], params: Params): [tf.Tensor[], tf.Tensor[]] {
  const gate = (X: tf.Tensor, H: tf.Tensor, name: string) =>
    tf.add(
      affine(X, params[`W_x${name}`], params[`b_${name}`]),
      tf.matMul(H as tf.Tensor2D, params[`W_h${name}`] as tf.Tensor2D),
    );
  const outputs: tf.Tensor[] = [];
  for (const X of inputs) {
    const I = tf.sigmoid(gate(X, H!, 'i'));
    const F = tf.sigmoid(gate(X, H!, 'f'));
    const O = tf.sigmoid(gate(X, H!, 'o'));
    const candidate = tf.tanh(gate(X, H!, 'c'));
    C = tf.add(tf.mul(F, C!), tf.mul(I, candidate));
    H = tf.mul(O, tf.tanh(C));
    outputs.push(affine(H, params['W_hq'], params['b_q']));
  }
  return [outputs, [H!, C!]];
}

/** The book's `get_lstm_params`, `init_lstm_state` and `lstm`. */
export const lstmScratch: ScratchCell = {
  getParams: (vocabSize, numHiddens, rng) => gateParams(['i', 'f', 'o', 'c'], vocabSize, numHiddens, rng),
  initState: (batchSize, numHiddens) => [
    tf.zeros([batchSize, numHiddens]),
    tf.zeros([batchSize, numHiddens]),
  ],
  forward: lstm,
};
