// Masking what lies past the end of each sequence, and the loss that ignores it (the book's section 9.7).
import { softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Replaces everything at or past each row's length.
 *
 * @param x [batch, steps, ...]
 * @param lengths int32 [batch]
 *
 * @example
 * sequenceMask(tf.tensor2d([[1, 2, 3], [4, 5, 6]]), tf.tensor1d([1, 2], 'int32')); // [[1, 0, 0], [4, 5, 0]]
 */
export function sequenceMask(x: tf.Tensor, lengths: tf.Tensor, value = 0): tf.Tensor {
  return tf.tidy(() => {
    const keep = stepMask(lengths, x.shape[1]!); // [batch, steps]
    const wide = tf.reshape(keep, [...keep.shape, ...x.shape.slice(2).map(() => 1)]);
    return tf.add(tf.mul(x, wide), tf.mul(tf.sub(1, wide), value));
  });
}

/** 1 before each row's length, 0 at and past it: float32 [batch, steps]. */
export function stepMask(lengths: tf.Tensor, steps: number): tf.Tensor {
  return tf.tidy(() => {
    const positions = tf.range(0, steps, 1, 'int32'); // [steps]
    return tf.cast(tf.less(tf.expandDims(positions, 0), tf.expandDims(lengths, 1)), 'float32');
  });
}

/**
 * The book's `MaskedSoftmaxCELoss`: cross-entropy with padding at 0, meaned over all steps, padding included.
 * The book divides it by the number of tokens once more, so its printed losses are about `steps` times smaller
 * than the loss a token; `translationLoss` gives the latter.
 *
 * @param logits [batch, steps, vocabulary]
 * @param labels int32 [batch, steps]
 * @param lengths int32 [batch]
 * @returns [batch]
 */
export function maskedSoftmaxCELoss(logits: tf.Tensor, labels: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const losses = softmaxCrossEntropy(logits, labels, { reduction: 'none' }); // [batch, steps]
    return tf.mean(tf.mul(losses, stepMask(lengths, labels.shape[1]!)), 1);
  });
}
