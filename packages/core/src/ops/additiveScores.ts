// additiveScores: the scores of additive (Bahdanau) attention.
import { AdditiveScores, AdditiveScoresGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape, checkType } from './check.ts';
import { fusedKernel, gradientKernel, hasKernel } from './kernel.ts';

/**
 * `scores[b, i, j] = Σ_h v[h] · tanh(queries[b, i, h] + keys[b, j, h])`. Bahdanau et al., 2014.
 *
 * @param queries [batch, queries, hidden], already projected.
 * @param keys [batch, keys, hidden], already projected.
 * @param v [hidden].
 * @returns [batch, queries, keys].
 */
export function additiveScores(queries: tf.Tensor, keys: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const [batch, hiddenSize] = [queries.shape[0] ?? 0, v.shape[0] ?? 0];
  checkType('additiveScores', 'queries', queries, 'float32');
  checkShape('additiveScores', 'v', v, ['hidden']);
  checkShape('additiveScores', 'queries', queries, ['batch', 'queries', hiddenSize]);
  checkShape('additiveScores', 'keys', keys, [batch, 'keys', hiddenSize]);
  if (!hasKernel(AdditiveScores)) return composeAdditiveScores(queries, keys, v);
  return runScores({ queries, keys, v }, {})[0] as tf.Tensor;
}

/** `additiveScores` composed of TensorFlow.js operations: the reference. */
export function composeAdditiveScores(queries: tf.Tensor, keys: tf.Tensor, v: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const sum = tf.add(tf.expandDims(queries, 2), tf.expandDims(keys, 1)); // [batch, queries, keys, hidden]
    return tf.sum(tf.mul(tf.tanh(sum), v), -1);
  });
}

const runScores = fusedKernel(AdditiveScores, {
  inputs: ['queries', 'keys', 'v'],
  backward: ({ dy, input, needs }) =>
    gradientKernel(
      AdditiveScoresGrad,
      { dy, queries: input('queries'), keys: input('keys'), v: input('v') },
      { needs: { queries: needs('queries'), keys: needs('keys'), v: needs('v') } },
    ),
});
