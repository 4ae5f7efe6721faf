// Gradient clipping by the norm of all gradients together.
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { fusedBackend } from '../backend/fusedBackend.ts';

/** What `clipByGlobalNorm` returns. */
export interface Clipped {
  /** The gradients to use from here on. */
  grads: tf.Tensor[];
  /** The norm before clipping; NaN or infinite when a gradient is. */
  norm: number;
}

/** √ Σ g² over all elements of all gradients. */
export function globalNorm(grads: readonly tf.Tensor[]): number {
  if (grads.length === 0) return 0;
  const backend = fusedBackend();
  if (backend) return backend.globalNorm(grads);
  return tf.tidy(() => {
    const squares = grads.map((g) => tf.sum(tf.square(g)));
    return Math.sqrt(tf.addN(squares).dataSync()[0] as number);
  });
}

/**
 * Scales all gradients by maxNorm / (norm + 1e-6) when their common norm is larger, as PyTorch's
 * `clip_grad_norm_`. Book: rnn-scratch, `grad_clipping`.
 *
 * It takes over the gradients: use the returned ones from here on and dispose those. Backends that can scale in
 * place return the same tensors.
 *
 * @throws ValueError when maxNorm is not positive.
 */
export function clipByGlobalNorm(grads: readonly tf.Tensor[], maxNorm: number): Clipped {
  if (!(maxNorm > 0)) {
    throw new ValueError({
      operation: 'clipByGlobalNorm',
      fact: 'maxNorm must be above 0',
      value: maxNorm,
      advice: '1 is usual',
      argument: 'maxNorm',
    });
  }
  const norm = globalNorm(grads);
  const scale = maxNorm / (norm + 1e-6);
  if (scale >= 1) return { grads: [...grads], norm };
  if (fusedBackend()?.scaleInPlace(grads, scale)) return { grads: [...grads], norm };
  const scaled = grads.map((g) => {
    const result = tf.mul(g, scale);
    g.dispose();
    return result;
  });
  return { grads: scaled, norm };
}
