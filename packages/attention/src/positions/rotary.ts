// Positions as rotations of queries and keys: their products depend on distances only.
import { Module, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Positions, rowsAt, stepsOf } from './rowsAt.ts';

/** Options of `RotaryPositionalEncoding`. */
export interface RotaryOptions {
  /** Heads that lie side by side in the last axis; each is turned alike. */
  numHeads: number;
  /** The longest sequence; 1000 by default. */
  maxLen?: number;
  /** The longest wavelength over 2π; 10000 by default. */
  base?: number;
}

/**
 * Turns the pair (x[j], x[j + d/2]) of a head of size d at position i by the angle `i · base^(−2j/d)`. Su et al., 2021
 * (https://arxiv.org/abs/2104.09864), with the halves paired as in Hugging Face's models. Without parameters; give it
 * to `MultiHeadAttention`, which turns its queries and keys.
 */
export class RotaryPositionalEncoding extends Module {
  readonly headSize: number;
  readonly numHeads: number;
  readonly maxLen: number;
  readonly base: number;
  #cos: tf.Tensor | undefined;
  #sin: tf.Tensor | undefined;

  /** @throws ValueError when a head's size is odd */
  constructor(dim: number, { numHeads, maxLen = 1000, base = 10_000 }: RotaryOptions) {
    super();
    if (!Number.isInteger(dim / numHeads / 2)) {
      throw new ValueError({
        operation: 'RotaryPositionalEncoding',
        fact: 'dim must be an even multiple of numHeads',
        value: { dim, numHeads },
        argument: 'dim',
      });
    }
    this.headSize = dim / numHeads;
    this.numHeads = numHeads;
    this.maxLen = maxLen;
    this.base = base;
  }

  /**
   * @param x queries or keys [batch, steps, heads · head size]
   * @param positions of the first step, or of every step; 0 by default
   * @throws ValueError when a position is past `maxLen`
   */
  forward(x: tf.Tensor, positions: Positions = 0): tf.Tensor {
    const { headSize, numHeads } = this;
    const operation = 'RotaryPositionalEncoding.forward';
    const steps = stepsOf(operation, x, headSize * numHeads);
    const half = headSize / 2;
    this.#cos ??= this.table(Math.cos);
    this.#sin ??= this.table(Math.sin);
    const [cos, sin] = [this.#cos, this.#sin].map((table) => {
      const rows = rowsAt(operation, table, positions, steps);
      return tf.reshape(rows, [-1, steps, 1, half]); // [1 or batch, steps, 1, half]
    }) as [tf.Tensor, tf.Tensor];
    const [a, b] = tf.split(tf.reshape(x, [x.shape[0]!, steps, numHeads, headSize]), 2, 3) as [
      tf.Tensor,
      tf.Tensor,
    ];
    const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
    return tf.reshape(tf.concat(turned, 3), x.shape);
  }

  protected override release(): void {
    tf.dispose([this.#cos, this.#sin].filter((table) => table !== undefined));
    this.#cos = this.#sin = undefined;
  }

  /** [maxLen, head size / 2]. */
  private table(f: (angle: number) => number): tf.Tensor {
    const half = this.headSize / 2;
    const values = Float32Array.from({ length: this.maxLen * half }, (_, i) =>
      f(Math.floor(i / half) * this.base ** (-(i % half) / half)),
    );
    return tf.keep(tf.tensor2d(values, [this.maxLen, half]));
  }
}
