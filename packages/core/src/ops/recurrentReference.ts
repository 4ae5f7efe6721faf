// A recurrent layer composed of TensorFlow.js operations, one step at a time: the reference for the fused kernel.
import type { Cell } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';

/** The tensors of one recurrent layer in one direction; G is 1 for rnn, 3 for gru (r, z, n), 4 for lstm (i, f, g, o). */
export interface RecurrentInputs {
  /** [batch, steps, in]. */
  x: tf.Tensor;
  /** [G · hidden, in]. */
  weightIh: tf.Tensor;
  /** [G · hidden, hidden]. */
  weightHh: tf.Tensor;
  /** [G · hidden]. */
  biasIh?: tf.Tensor | undefined;
  /** [G · hidden]. */
  biasHh?: tf.Tensor | undefined;
  /** [batch, hidden]; zeros when left out. */
  h0?: tf.Tensor | undefined;
  /** [batch, hidden], lstm only; zeros when left out. */
  c0?: tf.Tensor | undefined;
  /** int32 [batch]: steps at or past it give zeros and leave the state alone. */
  lengths?: tf.Tensor | undefined;
}

/** Which recurrent cell, and the direction. */
export interface RecurrentOptions {
  cell: Cell;
  /** Start at the last valid step and go back; false by default. */
  reverse?: boolean;
}

/** What a recurrent layer returns. */
export interface RecurrentResult {
  /** [batch, steps, hidden]: the hidden state of each step, zeros past a row's length. */
  output: tf.Tensor;
  /** [batch, hidden]: the state after the last valid step. */
  hN: tf.Tensor;
  /** [batch, hidden], lstm only. */
  cN?: tf.Tensor;
}

/** One step: the projected input and the old state to the new state. `wx` is `x W_ihᵀ + b_ih` of the step. */
interface State {
  h: tf.Tensor;
  c: tf.Tensor | undefined;
}

/** `recurrent` composed of TensorFlow.js operations. */
export function composeRecurrent(
  inputs: RecurrentInputs,
  { cell, reverse = false }: RecurrentOptions,
): RecurrentResult {
  const { x, weightIh, weightHh, biasIh, lengths } = inputs;
  const [batch, steps, size] = x.shape as [number, number, number];
  const hiddenSize = weightHh.shape[1] as number;
  const [output, hN, cN] = tf.tidy(() => {
    const wide = weightIh.shape[0] as number;
    let projected: tf.Tensor = tf.matMul(
      tf.reshape(x, [batch * steps, size]),
      weightIh as tf.Tensor2D,
      false,
      true,
    );
    if (biasIh !== undefined) projected = tf.add(projected, biasIh);
    projected = tf.reshape(projected, [batch, steps, wide]); // [batch, steps, G · hidden]
    let state: State = {
      h: inputs.h0 ?? tf.zeros([batch, hiddenSize]),
      c: cell === 'lstm' ? (inputs.c0 ?? tf.zeros([batch, hiddenSize])) : undefined,
    };
    const outputs: tf.Tensor[] = [];
    for (let k = 0; k < steps; k++) {
      const t = reverse ? steps - 1 - k : k;
      const wx = tf.reshape(tf.slice(projected, [0, t, 0], [batch, 1, wide]), [batch, wide]);
      const next = step(cell, wx, state, weightHh, inputs.biasHh);
      if (lengths === undefined) {
        state = next;
        outputs[t] = next.h;
      } else {
        const live = tf.reshape(tf.greater(lengths, tf.scalar(t, 'int32')), [batch, 1]);
        const keep = (now: tf.Tensor, before: tf.Tensor) =>
          tf.where(tf.broadcastTo(live, now.shape), now, before);
        outputs[t] = keep(next.h, tf.zerosLike(next.h));
        state = { h: keep(next.h, state.h), c: next.c && keep(next.c, state.c as tf.Tensor) };
      }
    }
    const y = steps === 0 ? tf.zeros([batch, 0, hiddenSize]) : tf.stack(outputs, 1);
    return [y, tf.clone(state.h), ...(state.c === undefined ? [] : [tf.clone(state.c)])];
  }) as [tf.Tensor, tf.Tensor, tf.Tensor?];
  return cN === undefined ? { output, hN } : { output, hN, cN };
}

/** `h W_hhᵀ + b_hh`: [batch, G · hidden]. */
function recur(h: tf.Tensor, weightHh: tf.Tensor, biasHh: tf.Tensor | undefined): tf.Tensor {
  const product = tf.matMul(h as tf.Tensor2D, weightHh as tf.Tensor2D, false, true);
  return biasHh === undefined ? product : tf.add(product, biasHh);
}

/** The state after one step of a cell. */
export function step(
  cell: Cell,
  wx: tf.Tensor,
  { h, c }: State,
  weightHh: tf.Tensor,
  biasHh: tf.Tensor | undefined,
): State {
  const wh = recur(h, weightHh, biasHh);
  if (cell === 'rnnTanh') return { h: tf.tanh(tf.add(wx, wh)), c: undefined };
  if (cell === 'rnnRelu') return { h: tf.relu(tf.add(wx, wh)), c: undefined };
  if (cell === 'gru') {
    const [xr, xz, xn] = tf.split(wx, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [hr, hz, hn] = tf.split(wh, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const r = tf.sigmoid(tf.add(xr, hr));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(r, hn)));
    return { h: tf.add(n, tf.mul(z, tf.sub(h, n))), c: undefined }; // (1 − z) n + z h
  }
  const [i, f, g, o] = tf.split(tf.add(wx, wh), 4, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const cell1 = tf.add(tf.mul(tf.sigmoid(f), c as tf.Tensor), tf.mul(tf.sigmoid(i), tf.tanh(g)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(cell1)), c: cell1 };
}
