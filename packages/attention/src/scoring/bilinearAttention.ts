// Bilinear attention: a matrix between queries and keys.
import { Linear } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkKeys } from './checkKeys.ts';
import { ScoredAttention, type ScoredAttentionOptions } from './scoredAttention.ts';

/** `score(q, k) = qᵀ W k`. Luong et al., 2015 (https://arxiv.org/abs/1508.04025), section 3.1, "general". */
export class BilinearAttention extends ScoredAttention {
  /** [query size, key size]. */
  W: Linear;

  constructor(
    { keySize, querySize }: { keySize: number; querySize: number },
    options: ScoredAttentionOptions,
  ) {
    super(options);
    this.W = new Linear(keySize, querySize, { bias: false, rng: options.rng });
  }

  /** Keys as queries see them: [batch, keys, query size]. */
  prepareKeys(keys: tf.Tensor): tf.Tensor {
    return this.W.forward(keys);
  }

  scores(queries: tf.Tensor, prepared: tf.Tensor): tf.Tensor {
    checkKeys('BilinearAttention', queries, prepared, prepared.shape[2]!);
    return tf.matMul(queries, prepared, false, true); // [batch, queries, keys]
  }
}
