// What a cell written out by hand consists of: parameters, a first state, and a loop over time.
import { type Rng, initialized, normal, parameter } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Parameters by the book's names: `W_xh`, `b_h`, … */
export type Params = Record<string, tf.Variable>;

/** A recurrent cell for `RNNModelScratch`. A state is a list of tensors [batch, hidden]. */
export interface ScratchCell {
  /** `get_params`: all parameters, those of the output layer (`W_hq`, `b_q`) included. */
  getParams(vocabSize: number, numHiddens: number, rng: Rng): Params;
  /** `init_state`: zeros. */
  initState(batchSize: number, numHiddens: number): tf.Tensor[];
  /**
   * @param inputs a tensor [batch, vocabulary] a step
   * @returns a tensor [batch, vocabulary] a step, and the state after the last
   */
  forward(
    inputs: tf.Tensor[],
    state: tf.Tensor[],
    params: Params,
  ): [outputs: tf.Tensor[], state: tf.Tensor[]];
}

/** The parameters of some gates (input weights, state weights, bias) and of the output layer; normal, times 0.01. */
export function gateParams(
  gates: readonly string[],
  vocabSize: number,
  numHiddens: number,
  rng: Rng,
): Params {
  const weight = (...shape: number[]) => initialized(shape, normal(0, 0.01), rng);
  const bias = (size: number) => parameter(tf.zeros([size]));
  const params: Params = {};
  for (const gate of gates) {
    params[`W_x${gate}`] = weight(vocabSize, numHiddens);
    params[`W_h${gate}`] = weight(numHiddens, numHiddens);
    params[`b_${gate}`] = bias(numHiddens);
  }
  return { ...params, W_hq: weight(numHiddens, vocabSize), b_q: bias(vocabSize) };
}

/** `x W + b`. */
export function affine(x: tf.Tensor, weight: tf.Tensor | undefined, bias: tf.Tensor | undefined): tf.Tensor {
  return tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!);
}
