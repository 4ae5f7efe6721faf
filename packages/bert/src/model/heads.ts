// BERT's two pretraining heads.
import { type Rng, LayerNorm, Linear, Module, embedding } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { BertConfig } from './config.ts';

/** What stands at hidden positions: the book's `MaskLM` (section 14.8). */
export class MaskLM extends Module {
  dense: Linear;
  norm: LayerNorm;
  decoder: Linear;

  /** @param table the token embedding's matrix [vocabulary, dim], where the decoder shares it */
  constructor(config: BertConfig, { table, rng }: { table?: tf.Variable | undefined; rng: Rng }) {
    super();
    const { vocabSize, dim, activation = 'gelu', epsilon = 1e-12 } = config;
    this.dense = new Linear(dim, dim, { activation, rng });
    this.norm = new LayerNorm(dim, { epsilon });
    this.decoder = new Linear(dim, vocabSize, { rng });
    if (table !== undefined) {
      this.decoder.weight.dispose();
      this.decoder.weight = table;
    }
  }

  /**
   * @param hidden the encoder's output [batch, steps, dim]
   * @param positions int32 [batch, predictions]; every step by default
   * @returns logits [batch, predictions, vocabulary]
   */
  forward(hidden: tf.Tensor, positions?: tf.Tensor): tf.Tensor {
    const picked = positions === undefined ? hidden : pickSteps(hidden, positions); // [batch, predictions, dim]
    return this.decoder.forward(this.norm.forward(this.dense.forward(picked)));
  }
}

/** Whether the second sentence follows the first: the book's `NextSentencePred`. Class 1 is yes. */
export class NextSentencePred extends Module {
  output: Linear;

  constructor(dim: number, { rng }: { rng: Rng }) {
    super();
    this.output = new Linear(dim, 2, { rng });
  }

  /** @param pooled [batch, dim]. @returns logits [batch, 2] */
  forward(pooled: tf.Tensor): tf.Tensor {
    return this.output.forward(pooled);
  }
}

/** The vectors of the first steps: [batch, steps, dim] to [batch, dim]. */
export function firstStep(hidden: tf.Tensor): tf.Tensor {
  const [batch, , dim] = hidden.shape as [number, number, number];
  return tf.reshape(tf.slice(hidden, [0, 0, 0], [batch, 1, dim]), [batch, dim]);
}

/** The vectors at some positions of each row: [batch, steps, dim] to [batch, positions, dim]. */
export function pickSteps(hidden: tf.Tensor, positions: tf.Tensor): tf.Tensor {
  const [batch, steps, dim] = hidden.shape as [number, number, number];
  const starts = tf.reshape(tf.range(0, batch * steps, steps, 'int32'), [batch, 1]);
  const rows = tf.add(positions, starts); // [batch, positions], into the rows of all sequences
  return embedding(rows, tf.reshape(hidden, [batch * steps, dim]));
}
