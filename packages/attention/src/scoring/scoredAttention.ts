// What all attentions over a score function share: score, masked softmax, dropout, weighted sum.
import { type Rng, Module, ShapeError, dropout, maskedSoftmax } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of the attention classes. */
export interface ScoredAttentionOptions {
  /** Dropout of the weights in training mode; 0 by default. */
  dropout?: number;
  /** Draws initial values and dropout masks. */
  rng: Rng;
}

/** Output and weights; both belong to the surrounding `tf.tidy`, or to the caller. */
export interface Pooled {
  /** [batch, queries, value size]. */
  output: tf.Tensor;
  /** [batch, queries, keys], after the softmax and before dropout: each row sums to 1 and is 0 on padding. */
  weights: tf.Tensor;
}

/**
 * Attention pooling: each query's output is a mean of the values, weighted by the softmax of its scores with the keys
 * (the book's section 10.3).
 */
export abstract class ScoredAttention extends Module {
  readonly dropout: number;
  readonly rng: Rng;

  constructor({ dropout: p = 0, rng }: ScoredAttentionOptions) {
    super();
    this.dropout = p;
    this.rng = rng;
  }

  /**
   * What the scores need of the keys and not of the queries; make it once for several calls of `attend`.
   *
   * @param keys [batch, keys, key size]
   */
  abstract prepareKeys(keys: tf.Tensor): tf.Tensor;

  /** Scores [batch, queries, keys]. @param prepared what `prepareKeys` gave */
  abstract scores(queries: tf.Tensor, prepared: tf.Tensor): tf.Tensor;

  /**
   * @param queries [batch, queries, query size]
   * @param keys [batch, keys, key size]
   * @param values [batch, keys, value size]
   * @param validLens int32 [batch] or [batch, queries]: keys at or past it get no weight
   * @throws ShapeError when sizes do not fit
   */
  forward(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, validLens?: tf.Tensor): Pooled {
    return this.attend(queries, this.prepareKeys(keys), values, validLens);
  }

  /** The same with keys that were prepared before. */
  attend(queries: tf.Tensor, prepared: tf.Tensor, values: tf.Tensor, validLens?: tf.Tensor): Pooled {
    return pool(this.scores(queries, prepared), values, {
      validLens,
      dropout: this.training ? this.dropout : 0,
      rng: this.rng,
    });
  }
}

/** Weighs values by the masked softmax of scores [batch, queries, keys]. */
export function pool(
  scores: tf.Tensor,
  values: tf.Tensor,
  options: { validLens?: tf.Tensor | undefined; dropout: number; rng: Rng },
): Pooled {
  const [batch, , keys] = scores.shape as [number, number, number];
  if (values.rank !== 3 || values.shape[0] !== batch || values.shape[1] !== keys) {
    throw new ShapeError({
      operation: 'attention',
      fact: `values must be [${batch}, ${keys}, value size]`,
      value: values.shape,
      advice: 'give one value a key',
      argument: 'values',
    });
  }
  const weights = maskedSoftmax(scores, options.validLens);
  const kept = options.dropout > 0 ? dropout(weights, options.dropout, options.rng.seedPair()) : weights;
  return { output: tf.matMul(kept, values), weights };
}
