// Natural language inference without recurrence: words of both sentences are aligned, compared, and summed up.
import {
  type Rng,
  Dropout,
  Embedding,
  Flatten,
  Linear,
  Module,
  ReLU,
  Sequential,
  maskedSoftmax,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { withinLengths } from './withinLengths.ts';

/** Sizes of a {@link DecomposableAttention}; plain JSON. */
export interface DecomposableAttentionConfig {
  vocabSize: number;
  /** Width of the word vectors. */
  dim: number;
  /** Width of all hidden layers. */
  numHiddens: number;
  /** Default 3: entailment, contradiction, neutral. */
  numClasses?: number;
  /** Default 0.2. */
  dropout?: number;
}

/** Valid lengths of both sentences, int32 [batch]; padding counts as words without them, as in the book. */
export interface PairLengths {
  premise?: tf.Tensor;
  hypothesis?: tf.Tensor;
}

/** Two hidden layers with dropout before each; the book's `mlp` (16.5). */
function mlp(inputs: number, hiddens: number, flatten: boolean, p: number, rng: Rng): Sequential {
  const flat = flatten ? [new Flatten()] : [];
  return new Sequential(
    new Dropout(p, { rng }),
    new Linear(inputs, hiddens, { rng }),
    new ReLU(),
    ...flat,
    new Dropout(p, { rng }),
    new Linear(hiddens, hiddens, { rng }),
    new ReLU(),
    ...flat,
  );
}

/** Soft alignment: for each word of one sentence, the mean of the other's words that answer it. */
export class Attend extends Module {
  f: Sequential;

  constructor(dim: number, hiddens: number, { dropout, rng }: { dropout: number; rng: Rng }) {
    super();
    this.f = mlp(dim, hiddens, false, dropout, rng);
  }

  /**
   * @param a [batch, m, dim], @param b [batch, n, dim]
   * @returns `beta` [batch, m, dim]: b's words aligned with a's; `alpha` [batch, n, dim] the other way; `weights`
   *   [batch, m, n] of beta
   */
  forward(a: tf.Tensor, b: tf.Tensor, lengths: PairLengths = {}) {
    const scores = tf.matMul(this.f.forward(a), this.f.forward(b), false, true); // [batch, m, n]
    const weights = maskedSoftmax(scores, lengths.hypothesis);
    const back = maskedSoftmax(tf.transpose(scores, [0, 2, 1]), lengths.premise);
    return { beta: tf.matMul(weights, b), alpha: tf.matMul(back, a), weights };
  }
}

/** Each word beside what it is aligned with. */
export class Compare extends Module {
  g: Sequential;

  constructor(dim: number, hiddens: number, { dropout, rng }: { dropout: number; rng: Rng }) {
    super();
    this.g = mlp(2 * dim, hiddens, false, dropout, rng);
  }

  /** @returns [batch, words, hiddens] */
  forward(words: tf.Tensor, aligned: tf.Tensor): tf.Tensor {
    return this.g.forward(tf.concat([words, aligned], 2));
  }
}

/** Sums of both sentences' comparisons, and a verdict. */
export class Aggregate extends Module {
  h: Sequential;
  linear: Linear;

  constructor(hiddens: number, classes: number, { dropout, rng }: { dropout: number; rng: Rng }) {
    super();
    this.h = mlp(2 * hiddens, hiddens, true, dropout, rng);
    this.linear = new Linear(hiddens, classes, { rng });
  }

  /** @returns logits [batch, classes] */
  forward(a: tf.Tensor, b: tf.Tensor, lengths: PairLengths = {}): tf.Tensor {
    const sums = [sumOf(a, lengths.premise), sumOf(b, lengths.hypothesis)];
    return this.linear.forward(this.h.forward(tf.concat(sums, 1)));
  }
}

/** Sum of the real steps: [batch, steps, dim] to [batch, dim]. */
function sumOf(x: tf.Tensor, lengths: tf.Tensor | undefined): tf.Tensor {
  if (lengths === undefined) return tf.sum(x, 1);
  const inside = tf.broadcastTo(tf.expandDims(withinLengths(lengths, x.shape[1]!), 2), x.shape);
  return tf.sum(tf.where(inside, x, 0), 1);
}

/**
 * Attend, compare, aggregate.
 *
 * Source: A. Parikh et al. (https://arxiv.org/abs/1606.01933); the book's `DecomposableAttention` (16.5), with its
 * state's names.
 *
 * @example
 * const model = new DecomposableAttention({ vocabSize: vocab.size, dim: 100, numHiddens: 200 }, { rng: new Rng(1) });
 * const { logits, weights } = model.forward(premises, hypotheses, { premise: lengthsA, hypothesis: lengthsB });
 */
export class DecomposableAttention extends Module {
  embedding: Embedding;
  attend: Attend;
  compare: Compare;
  aggregate: Aggregate;

  constructor(config: DecomposableAttentionConfig, { rng }: { rng: Rng }) {
    super();
    const { vocabSize, dim, numHiddens, numClasses = 3, dropout = 0.2 } = config;
    this.embedding = new Embedding(vocabSize, dim, { rng });
    this.attend = new Attend(dim, numHiddens, { dropout, rng });
    this.compare = new Compare(dim, numHiddens, { dropout, rng });
    this.aggregate = new Aggregate(numHiddens, numClasses, { dropout, rng });
  }

  /**
   * @param premises int32 [batch, m]
   * @param hypotheses int32 [batch, n]
   * @returns logits [batch, classes], and which words of the hypothesis each of the premise looked at: [batch, m, n]
   */
  forward(premises: tf.Tensor, hypotheses: tf.Tensor, lengths: PairLengths = {}) {
    const a = this.embedding.forward(premises);
    const b = this.embedding.forward(hypotheses);
    const { beta, alpha, weights } = this.attend.forward(a, b, lengths);
    const logits = this.aggregate.forward(
      this.compare.forward(a, beta),
      this.compare.forward(b, alpha),
      lengths,
    );
    return { logits, weights };
  }
}
