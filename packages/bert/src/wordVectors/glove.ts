// GloVe: word vectors whose dot products are the logarithms of how often words stand together.
import { type Rng, Embedding, Module, ValueError, uniform } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** How often a context word stands near a centre word, nearer ones counting more. */
export interface Cooccurrence {
  center: number;
  context: number;
  count: number;
}

/**
 * Counts both directions of every pair at most `window` places apart in a sentence, each by 1 / distance.
 *
 * Source: J. Pennington et al., "GloVe" (2014), section 4.2; the book's 15.5.
 */
export function cooccurrences(sentences: Iterable<ArrayLike<number>>, window: number): Cooccurrence[] {
  if (!Number.isInteger(window) || window < 1)
    throw new ValueError({
      operation: 'cooccurrences',
      fact: 'window must be a positive integer',
      value: window,
      argument: 'window',
    });
  const rows = new Map<number, Map<number, number>>();
  const add = (center: number, context: number, count: number) => {
    if (!rows.has(center)) rows.set(center, new Map());
    const row = rows.get(center)!;
    row.set(context, (row.get(context) ?? 0) + count);
  };
  for (const sentence of sentences)
    for (let i = 0; i < sentence.length; i++)
      for (let j = Math.max(0, i - window); j < i; j++) {
        add(sentence[i]!, sentence[j]!, 1 / (i - j));
        add(sentence[j]!, sentence[i]!, 1 / (i - j));
      }
  const found: Cooccurrence[] = [];
  for (const [center, row] of rows)
    for (const [context, count] of row) found.push({ center, context, count });
  return found;
}

/** Where the weight of a count stops growing, and how fast it grows. */
export interface GloveLossOptions {
  /** Counts from here on weigh 1. Default 100. */
  maxCount?: number;
  /** Default 0.75. */
  exponent?: number;
}

/**
 * Vectors and biases of centre and context words; a word's vector is the sum of both (`vectors`).
 *
 * Source: J. Pennington et al., "GloVe" (2014, https://aclanthology.org/D14-1162); the book's 15.5.
 */
export class Glove extends Module {
  center: Embedding;
  context: Embedding;
  centerBias: Embedding;
  contextBias: Embedding;

  constructor(vocabSize: number, dim: number, { rng }: { rng: Rng }) {
    super();
    const bound = 0.5 / dim; // as the authors' program
    const table = (width: number) =>
      new Embedding(vocabSize, width, { rng, initializer: uniform(-bound, bound) });
    this.center = table(dim);
    this.context = table(dim);
    this.centerBias = table(1);
    this.contextBias = table(1);
  }

  /**
   * @param centers int32 [batch]
   * @param contexts int32 [batch]
   * @returns [batch]: what log(count) should be
   */
  forward(centers: tf.Tensor, contexts: tf.Tensor): tf.Tensor {
    const dot = tf.sum(tf.mul(this.center.forward(centers), this.context.forward(contexts)), -1);
    const bias = tf.add(this.centerBias.forward(centers), this.contextBias.forward(contexts));
    return tf.add(dot, tf.squeeze(bias, [-1]));
  }

  /** [words, dim]: centre and context vectors added; belongs to the caller. */
  vectors(): tf.Tensor {
    return tf.add(this.center.weight, this.context.weight);
  }
}

/**
 * Σ h(x) (prediction − log x)² over a minibatch, divided by its size, with h(x) = min(1, (x / maxCount)^exponent).
 *
 * @param counts float32 [batch], above 0
 */
export function gloveLoss(
  model: Glove,
  { centers, contexts, counts }: { centers: tf.Tensor; contexts: tf.Tensor; counts: tf.Tensor },
  { maxCount = 100, exponent = 0.75 }: GloveLossOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const weights = tf.minimum(tf.pow(tf.div(counts, maxCount), exponent), 1);
    const error = tf.sub(model.forward(centers, contexts), tf.log(counts));
    return tf.mean(tf.mul(weights, tf.square(error))) as tf.Scalar;
  });
}
