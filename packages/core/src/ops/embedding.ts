// embedding: rows of a table by integer id.
import { Embedding, EmbeddingGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkIds, checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** Multiplies the rows (a Transformer's √dim); 1 by default. */
  scale?: number;
  /** This id's row gets no gradient; −1 (none) by default. */
  paddingIdx?: number;
}

/**
 * `weight[ids] · scale`.
 *
 * @param ids int32, any shape.
 * @param weight [count, dim].
 * @returns [...ids.shape, dim].
 * @throws ValueError when an id is outside of [0, count).
 */
export function embedding(
  ids: tf.Tensor,
  weight: tf.Tensor,
  { scale = 1, paddingIdx = -1 }: EmbeddingOptions = {},
): tf.Tensor {
  checkType('embedding', 'ids', ids, 'int32');
  checkShape('embedding', 'weight', weight, ['count', 'dim']);
  checkIds('embedding', 'ids', ids, weight.shape[0] as number);
  if (!hasKernel(Embedding)) return composeEmbedding(ids, weight, { scale, paddingIdx });
  return runEmbedding({ ids, weight }, { scale, paddingIdx })[0] as tf.Tensor;
}

/** `embedding` composed of TensorFlow.js operations: the reference. */
export function composeEmbedding(
  ids: tf.Tensor,
  weight: tf.Tensor,
  { scale = 1, paddingIdx = -1 }: EmbeddingOptions = {},
): tf.Tensor {
  return tf.tidy(() => {
    const [, dim] = weight.shape as [number, number];
    if (ids.size === 0) return tf.zeros([...ids.shape, dim]);
    let rows: tf.Tensor = tf.gather(weight, tf.reshape(ids, [ids.size]) as tf.Tensor1D); // [ids, dim]
    if (paddingIdx >= 0) {
      const kept = tf.cast(
        tf.notEqual(tf.reshape(ids, [ids.size, 1]), tf.scalar(paddingIdx, 'int32')),
        'float32',
      );
      rows = maskGradient(rows, kept);
    }
    if (scale !== 1) rows = tf.mul(rows, scale);
    return tf.reshape(rows, [...ids.shape, dim]);
  });
}

/** x itself, whose gradient is multiplied by a mask. */
function maskGradient(x: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const f = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([mask]);
    return {
      value: tf.clone(input as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] as tf.Tensor),
    };
  });
  return f(x);
}

const runEmbedding = fusedKernel(Embedding, {
  inputs: ['ids'],
  backward: ({ dy, input, attrs, needs, shape }) =>
    gradientKernel(
      EmbeddingGrad,
      { dy, ids: input('ids') },
      { ...attrs, count: shape('weight')[0] as number, needs: { weight: needs('weight') } },
    ),
});
