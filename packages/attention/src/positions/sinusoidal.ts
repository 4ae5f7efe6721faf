// Positions as sines and cosines of growing wavelength, added to embeddings.
import { type Rng, Dropout, Module } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Positions, rowsAt, stepsOf } from './rowsAt.ts';

/** Options of `PositionalEncoding`. */
export interface PositionalEncodingOptions {
  /** The longest sequence; 1000 by default, as in the book. */
  maxLen?: number;
  /** Dropout of the sum in training mode; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** `P[i, 2j] = sin(i / 10000^(2j/dim))`, `P[i, 2j+1] = cos(…)`, row-major [maxLen, dim] (the book's section 10.6). */
export function sinusoid(maxLen: number, dim: number): Float32Array {
  const table = new Float32Array(maxLen * dim);
  for (let i = 0; i < maxLen; i++) {
    for (let j = 0; j < dim; j++) {
      const angle = i / 10000 ** ((j - (j % 2)) / dim);
      table[i * dim + j] = j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/** Adds `sinusoid` to a sequence, then drops out. https://arxiv.org/abs/1706.03762, section 3.5. */
export class PositionalEncoding extends Module {
  readonly dim: number;
  readonly maxLen: number;
  readonly dropout: Dropout;
  #table: tf.Tensor | undefined;

  constructor(dim: number, { maxLen = 1000, dropout = 0, rng }: PositionalEncodingOptions) {
    super();
    this.dim = dim;
    this.maxLen = maxLen;
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param x [batch, steps, dim]
   * @param positions of the first step, or of every step; 0 by default
   * @throws ValueError when a position is past `maxLen`
   */
  forward(x: tf.Tensor, positions: Positions = 0): tf.Tensor {
    const operation = 'PositionalEncoding.forward';
    const steps = stepsOf(operation, x, this.dim);
    this.#table ??= tf.keep(tf.tensor2d(sinusoid(this.maxLen, this.dim), [this.maxLen, this.dim]));
    const sum = tf.add(x, rowsAt(operation, this.#table, positions, steps)); // [batch, steps, dim]
    return this.dropout.forward(sum);
  }

  protected override release(): void {
    this.#table?.dispose();
    this.#table = undefined;
  }
}
