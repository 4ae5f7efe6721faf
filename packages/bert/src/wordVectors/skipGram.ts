// The skip-gram model with negative sampling: word2vec.
import { type Rng, Embedding, Module, bceWithLogits } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SkipGramBatch } from './skipGramData.ts';

/**
 * A vector for each word as a centre and one as a context; their dot product says whether two words are neighbours.
 *
 * Source: T. Mikolov et al. (https://arxiv.org/abs/1310.4546); the book's `skip_gram` (15.4).
 *
 * @example
 * const model = new SkipGram(vocab.size, 100, { rng: new Rng(1) });
 * const { value, grads } = valueAndGrads(() => skipGramLoss(model, batch), model.parameters());
 */
export class SkipGram extends Module {
  /** [words, dim]: the vectors that are kept after training. */
  center: Embedding;
  /** [words, dim]. */
  context: Embedding;

  constructor(vocabSize: number, dim: number, { rng }: { rng: Rng }) {
    super();
    this.center = new Embedding(vocabSize, dim, { rng });
    this.context = new Embedding(vocabSize, dim, { rng });
  }

  /**
   * @param centers int32 [batch, 1]
   * @param contextsAndNegatives int32 [batch, words]
   * @returns logits [batch, words]
   */
  forward(centers: tf.Tensor, contextsAndNegatives: tf.Tensor): tf.Tensor {
    const v = this.center.forward(centers); // [batch, 1, dim]
    const u = this.context.forward(contextsAndNegatives); // [batch, words, dim]
    return tf.squeeze(tf.matMul(v, u, false, true), [1]);
  }
}

/**
 * Binary cross-entropy in nats: the mean over the real words of each example, then over examples. A row of padding
 * alone counts 0.
 *
 * Source: the book's `SigmoidBCELoss` and how its `train` scales it (15.4).
 */
export function skipGramLoss(model: SkipGram, batch: SkipGramBatch): tf.Scalar {
  const { centers, contextsAndNegatives, mask, labels } = batch;
  return tf.tidy(() => {
    const logits = model.forward(centers, contextsAndNegatives);
    const losses = bceWithLogits(logits, labels, { weights: mask, reduction: 'none' });
    const words = tf.maximum(tf.sum(mask, 1), 1);
    return tf.mean(tf.div(tf.sum(losses, 1), words)) as tf.Scalar;
  });
}
