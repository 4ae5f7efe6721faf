// The sum around a sublayer and the normalisation after it.
import { type Rng, Dropout, LayerNorm, Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';

/** `norm(x + dropout(y))`: the book's `AddNorm` (section 10.7) and its state names. */
export class AddNorm extends Module {
  dropout: Dropout;
  ln: LayerNorm;

  constructor(dim: number, { dropout = 0, rng }: { dropout?: number; rng: Rng }) {
    super();
    this.dropout = new Dropout(dropout, { rng });
    this.ln = new LayerNorm(dim);
  }

  /** @param y what the sublayer made of x; both [..., dim] */
  forward(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return this.ln.forward(this.dropout.forward(y), x);
  }
}
