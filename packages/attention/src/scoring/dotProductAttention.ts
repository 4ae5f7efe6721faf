// Scaled dot-product attention as a pooling class: queries and keys of one size.
import * as tf from '@tensorflow/tfjs-core';
import { checkKeys } from './checkKeys.ts';
import { ScoredAttention } from './scoredAttention.ts';

/**
 * `score(q, k) = qᵀk / √d`. Vaswani et al., 2017 (https://arxiv.org/abs/1706.03762), section 3.2.1; the book's
 * `DotProductAttention`. Without parameters. `MultiHeadAttention` does the same for many heads in one fused kernel.
 */
export class DotProductAttention extends ScoredAttention {
  prepareKeys(keys: tf.Tensor): tf.Tensor {
    return keys;
  }

  scores(queries: tf.Tensor, prepared: tf.Tensor): tf.Tensor {
    const size = prepared.shape[2]!;
    checkKeys('DotProductAttention', queries, prepared, size);
    return tf.matMul(tf.mul(queries, 1 / Math.sqrt(size)), prepared, false, true); // [batch, queries, keys]
  }
}
