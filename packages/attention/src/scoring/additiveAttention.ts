// Additive attention: queries and keys of different sizes meet in a hidden layer.
import { Linear, additiveScores } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { ScoredAttention, type ScoredAttentionOptions } from './scoredAttention.ts';

/** Sizes of `AdditiveAttention`. */
export interface AdditiveAttentionSizes {
  keySize: number;
  querySize: number;
  /** Width of the hidden layer. */
  numHiddens: number;
}

/**
 * `score(q, k) = w_vᵀ tanh(W_q q + W_k k)`. Bahdanau et al., 2014 (https://arxiv.org/abs/1409.0473), section A.1.2;
 * the book's `AdditiveAttention`, whose state names these are.
 *
 * @example
 * const attention = new AdditiveAttention({ keySize: 2, querySize: 20, numHiddens: 8 }, { rng: new Rng(1) });
 * const { output, weights } = attention.forward(queries, keys, values, validLens);
 */
export class AdditiveAttention extends ScoredAttention {
  /** [hidden, key size]. */
  W_k: Linear;
  /** [hidden, query size]. */
  W_q: Linear;
  /** [1, hidden]. */
  w_v: Linear;

  constructor({ keySize, querySize, numHiddens }: AdditiveAttentionSizes, options: ScoredAttentionOptions) {
    super(options);
    const { rng } = options;
    this.W_k = new Linear(keySize, numHiddens, { bias: false, rng });
    this.W_q = new Linear(querySize, numHiddens, { bias: false, rng });
    this.w_v = new Linear(numHiddens, 1, { bias: false, rng });
  }

  /** Keys in the hidden layer: [batch, keys, hidden]. */
  prepareKeys(keys: tf.Tensor): tf.Tensor {
    return this.W_k.forward(keys);
  }

  scores(queries: tf.Tensor, prepared: tf.Tensor): tf.Tensor {
    const { weight } = this.w_v;
    return additiveScores(this.W_q.forward(queries), prepared, tf.reshape(weight, [weight.size]));
  }
}
