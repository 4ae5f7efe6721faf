// The gated recurrent unit written out (the book's section 9.1).
import * as tf from '@tensorflow/tfjs-core';
import { type Params, type ScratchCell, affine, gateParams } from './scratchCell.ts';

/** Options of `gru`. */
export interface GruScratchOptions {
  /**
   * Where the reset gate acts: false (default), on the state, `(R ⊙ H) W_hh`, as in the book and in Cho et al.,
   * 2014; true, on the product, `R ⊙ (H W_hh)`, as in PyTorch and in the fused `GRU`.
   */
  resetAfter?: boolean;
}

/**
 * `R = σ(X W_xr + H W_hr + b_r)`, `Z = σ(X W_xz + H W_hz + b_z)`, `H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)`,
 * `H ← Z ⊙ H + (1 − Z) ⊙ H̃`, `Y = H W_hq + b_q`, step by step.
 */
export function gru(
  inputs: tf.Tensor[],
  [H]: tf.Tensor[],
  params: Params,
  { resetAfter = false }: GruScratchOptions = {},
): [tf.Tensor[], tf.Tensor[]] {
  const { W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q } = params;
  const times = (H: tf.Tensor, W: tf.Tensor | undefined) => tf.matMul(H as tf.Tensor2D, W as tf.Tensor2D);
  const outputs: tf.Tensor[] = [];
  for (const X of inputs) {
    const Z = tf.sigmoid(tf.add(affine(X, W_xz, b_z), times(H!, W_hz)));
    const R = tf.sigmoid(tf.add(affine(X, W_xr, b_r), times(H!, W_hr)));
    const past = resetAfter ? tf.mul(R, times(H!, W_hh)) : times(tf.mul(R, H!), W_hh);
    const candidate = tf.tanh(tf.add(affine(X, W_xh, b_h), past));
    H = tf.add(tf.mul(Z, H!), tf.mul(tf.sub(1, Z), candidate));
    outputs.push(affine(H, W_hq, b_q));
  }
  return [outputs, [H!]];
}

/** The book's `get_params`, `init_gru_state` and `gru`. */
export const gruScratch: ScratchCell = {
  getParams: (vocabSize, numHiddens, rng) => gateParams(['z', 'r', 'h'], vocabSize, numHiddens, rng),
  initState: (batchSize, numHiddens) => [tf.zeros([batchSize, numHiddens])],
  forward: gru,
};
