// What self-attention remembers of the steps before, so that a next step need not compute it again.
import * as tf from '@tensorflow/tfjs-core';

/** The keys and values of one layer's steps so far; the tensor belongs to it. For decoding: nothing here is differentiable. */
export class KeyValueCache {
  /** [rows, steps, 2·dim]; none before the first step. */
  #past: tf.Tensor | undefined;

  /** How many steps it has. */
  get steps(): number {
    return this.#past === undefined ? 0 : this.#past.shape[1]!;
  }

  /** Adds those of the next steps, [rows, steps, 2·dim]; returns all. */
  update(next: tf.Tensor): tf.Tensor {
    const all = tf.keep(this.#past === undefined ? next : tf.concat([this.#past, next], 1));
    this.dispose();
    this.#past = all;
    return all;
  }

  /** Changes the rows; `move` frees the tensor that it is given (`moveRows` of @d2lts/rnn). */
  reorder(move: (tensor: tf.Tensor) => tf.Tensor): void {
    if (this.#past !== undefined) this.#past = move(this.#past);
  }

  dispose(): void {
    this.#past?.dispose();
    this.#past = undefined;
  }
}
