// Positions as trained vectors, added to embeddings.
import { Dropout, Module, initialized, normal } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Positions, rowsAt, stepsOf } from './rowsAt.ts';
import type { PositionalEncodingOptions } from './sinusoidal.ts';

/**
 * A trained vector for each position. Gehring et al., 2017 (https://arxiv.org/abs/1705.03122), section 3.1; what BERT
 * and GPT use. Initial values are normal with deviation 0.02.
 */
export class LearnedPositionalEncoding extends Module {
  /** [maxLen, dim]. */
  weight: tf.Variable;
  readonly dropout: Dropout;

  constructor(dim: number, { maxLen = 1000, dropout = 0, rng }: PositionalEncodingOptions) {
    super();
    this.weight = initialized([maxLen, dim], normal(0, 0.02), rng);
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param x [batch, steps, dim]
   * @param positions of the first step, or of every step; 0 by default
   * @throws ValueError when a position is past `maxLen`
   */
  forward(x: tf.Tensor, positions: Positions = 0): tf.Tensor {
    const operation = 'LearnedPositionalEncoding.forward';
    const steps = stepsOf(operation, x, this.weight.shape[1]!);
    const sum = tf.add(x, rowsAt(operation, this.weight, positions, steps)); // [batch, steps, dim]
    return this.dropout.forward(sum);
  }
}
