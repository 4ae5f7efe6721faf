// Heads for fine-tuning: labels of texts, labels of tokens, answers.
import { type Rng, Dropout, Linear, Module, normal, initialize, constant } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { firstStep } from './heads.ts';

/** What heads are built with. */
export interface HeadOptions {
  /** Labels, or numbers of a regression. */
  numLabels: number;
  /** Before the output; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** Hugging Face's initial values: normal with deviation 0.02, biases at 0. */
function linear(inputs: number, outputs: number, rng: Rng, activation?: 'tanh' | 'relu'): Linear {
  const layer = new Linear(inputs, outputs, { rng, ...(activation !== undefined && { activation }) });
  initialize(layer.weight, normal(0, 0.02), rng);
  initialize(layer.bias!, constant(0), rng);
  return layer;
}

/**
 * Labels of whole texts: `output(dropout(activation(dense(first step))))`. `dense` is BERT's pooler, RoBERTa's
 * `classifier.dense` and DistilBERT's `pre_classifier`.
 */
export class SequenceClassifier extends Module {
  dense: Linear;
  output: Linear;
  readonly dropout: Dropout;

  constructor(dim: number, options: HeadOptions & { activation?: 'tanh' | 'relu' }) {
    super();
    const { numLabels, dropout = 0, activation = 'tanh', rng } = options;
    this.dense = linear(dim, dim, rng, activation);
    this.output = linear(dim, numLabels, rng);
    this.dropout = new Dropout(dropout, { rng });
  }

  /** @param hidden [batch, steps, dim]. @returns logits [batch, labels] */
  forward(hidden: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(this.dense.forward(firstStep(hidden))));
  }
}

/** Labels of tokens. */
export class TokenClassifier extends Module {
  output: Linear;
  readonly dropout: Dropout;

  constructor(dim: number, { numLabels, dropout = 0, rng }: HeadOptions) {
    super();
    this.output = linear(dim, numLabels, rng);
    this.dropout = new Dropout(dropout, { rng });
  }

  /** @param hidden [batch, steps, dim]. @returns logits [batch, steps, labels] */
  forward(hidden: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(hidden));
  }
}

/** Logits of where an answer begins and ends. */
export interface SpanLogits {
  /** [batch, steps]. */
  start: tf.Tensor;
  /** [batch, steps]. */
  end: tf.Tensor;
}

/** Where in the text the answer stands. */
export class SpanExtractor extends Module {
  output: Linear;
  readonly dropout: Dropout;

  constructor(dim: number, { dropout = 0, rng }: Omit<HeadOptions, 'numLabels'>) {
    super();
    this.output = linear(dim, 2, rng);
    this.dropout = new Dropout(dropout, { rng });
  }

  /** @param hidden [batch, steps, dim] */
  forward(hidden: tf.Tensor): SpanLogits {
    const logits = this.output.forward(this.dropout.forward(hidden)); // [batch, steps, 2]
    const [start, end] = tf.unstack(logits, 2) as [tf.Tensor, tf.Tensor];
    return { start, end };
  }
}
