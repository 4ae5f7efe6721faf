// Training data of the skip-gram model: centre words, their context, noise words.
import { DataError, type Rng, ShapeError, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { AliasSampler } from './aliasSampler.ts';

/** A centre word and the words around it, as ids. */
export interface SkipGramExample {
  center: number;
  context: number[];
}

/**
 * Every word of every sentence as a centre, with the words at most w places away; w is drawn anew for each from 1 to
 * `maxWindow`. Sentences of fewer than two words have none.
 *
 * Source: the book's `get_centers_and_contexts` (15.3).
 */
export function skipGramExamples(
  sentences: readonly ArrayLike<number>[],
  { maxWindow, rng }: { maxWindow: number; rng: Rng },
): SkipGramExample[] {
  if (!Number.isInteger(maxWindow) || maxWindow < 1)
    throw new ValueError({
      operation: 'skipGramExamples',
      fact: 'maxWindow must be a positive integer',
      value: maxWindow,
      argument: 'maxWindow',
    });
  const examples: SkipGramExample[] = [];
  for (const sentence of sentences) {
    if (sentence.length < 2) continue;
    for (let i = 0; i < sentence.length; i++) {
      const window = rng.integer(1, maxWindow + 1);
      const context: number[] = [];
      const last = Math.min(sentence.length - 1, i + window);
      for (let j = Math.max(0, i - window); j <= last; j++) if (j !== i) context.push(sentence[j]!);
      examples.push({ center: sentence[i]!, context });
    }
  }
  return examples;
}

/**
 * Noise words for each context: `ratio` times as many, drawn in proportion to count^0.75, none of them in the context.
 *
 * Source: T. Mikolov et al. (https://arxiv.org/abs/1310.4546), section 2.2; the book's `get_negatives` (15.3).
 *
 * @param counts of each id; ids with count 0 (`<unk>`) are never drawn
 * @throws DataError when a context holds every word that could be drawn
 */
export function negativeSamples(
  contexts: readonly (readonly number[])[],
  counts: ArrayLike<number>,
  { ratio, rng }: { ratio: number; rng: Rng },
): number[][] {
  const weights = Float64Array.from(counts, (count) => count ** 0.75);
  const words = weights.reduce((n, weight) => n + Number(weight > 0), 0);
  const sampler = new AliasSampler(weights);
  return contexts.map((context) => {
    const taken = new Set(context);
    let free = words;
    for (const id of taken) if (weights[id]! > 0) free--;
    if (free < 1)
      throw new DataError({
        operation: 'negativeSamples',
        fact: 'a context must leave a word to draw',
        value: context,
        advice: 'use a larger corpus or a smaller window',
        argument: 'contexts',
      });
    const negatives: number[] = [];
    while (negatives.length < context.length * ratio) {
      const id = sampler.draw(rng);
      if (!taken.has(id)) negatives.push(id);
    }
    return negatives;
  });
}

/** A padded minibatch: context and noise words of each centre side by side. */
export interface SkipGramBatch {
  /** int32 [batch, 1]. */
  centers: tf.Tensor2D;
  /** int32 [batch, longest]. */
  contextsAndNegatives: tf.Tensor2D;
  /** float32 [batch, longest]: 1 for words, 0 for padding. */
  mask: tf.Tensor2D;
  /** float32 [batch, longest]: 1 for context words. */
  labels: tf.Tensor2D;
}

/**
 * Pads examples to the longest of them. The tensors belong to the surrounding `tf.tidy`, or to the caller.
 *
 * Source: the book's `batchify` (15.3).
 *
 * @param negatives of each example, in the same order
 * @throws ShapeError when there are not as many
 */
export function skipGramBatch(
  examples: readonly SkipGramExample[],
  negatives: readonly (readonly number[])[],
): SkipGramBatch {
  if (examples.length !== negatives.length)
    throw new ShapeError({
      operation: 'skipGramBatch',
      fact: `negatives must be as many as the ${examples.length} examples`,
      value: negatives.length,
      argument: 'negatives',
    });
  const rows = examples.length;
  const lengths = examples.map(({ context }, i) => context.length + negatives[i]!.length);
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const ids = new Int32Array(rows * longest);
  const mask = new Float32Array(rows * longest);
  const labels = new Float32Array(rows * longest);
  examples.forEach(({ context }, i) => {
    const start = i * longest;
    ids.set(context, start);
    ids.set(negatives[i]!, start + context.length);
    mask.fill(1, start, start + lengths[i]!);
    labels.fill(1, start, start + context.length);
  });
  return {
    centers: tf.tensor2d(
      Int32Array.from(examples, ({ center }) => center),
      [rows, 1],
      'int32',
    ),
    contextsAndNegatives: tf.tensor2d(ids, [rows, longest], 'int32'),
    mask: tf.tensor2d(mask, [rows, longest]),
    labels: tf.tensor2d(labels, [rows, longest]),
  };
}
