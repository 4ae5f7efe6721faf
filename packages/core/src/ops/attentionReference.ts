// Scaled dot-product attention composed of TensorFlow.js operations: the reference for the fused kernel.
import type { AttentionAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import {
  attentionAttrs,
  type AttentionInputs,
  type AttentionOptions,
  type AttentionResult,
} from './attentionArguments.ts';
import { dropoutMask } from './dropout.ts';
import { hidden, withinLength } from './maskedSoftmax.ts';

/** `scaledDotProductAttention` composed of TensorFlow.js operations. */
export function composeAttention(
  inputs: AttentionInputs,
  options: AttentionOptions = {},
  attrs: AttentionAttrs = attentionAttrs(inputs, options),
): AttentionResult {
  const { numHeads, scale, causal, dropout, seed, returnWeights } = attrs;
  const results = tf.tidy(() => {
    const [query, key, value] = unpack(inputs).map((x) => splitHeads(x, numHeads)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    let scores = tf.mul(tf.matMul(query, key, false, true), scale); // [batch, heads, queries, keys]
    if (options.mask !== undefined) scores = tf.add(scores, options.mask);
    const visible = visibleKeys(scores.shape, causal, options.validLens);
    if (visible !== undefined)
      scores = tf.where(tf.broadcastTo(visible, scores.shape), scores, tf.fill(scores.shape, hidden));
    scores = tf.maximum(scores, hidden); // a mask may hold minus infinity
    const weights = tf.mul(tf.softmax(scores), tf.cast(tf.greater(scores, hidden / 2), 'float32'));
    const dropped = dropout > 0 ? tf.mul(weights, dropoutMask(weights.shape, dropout, seed)) : weights;
    const output = mergeHeads(tf.matMul(dropped, value));
    return returnWeights ? [output, weights] : [output];
  });
  const [output, weights] = results as [tf.Tensor, tf.Tensor?];
  return weights === undefined ? { output } : { output, weights };
}

/**
 * What a gradient of the attention weights adds to those of the inputs, by name and in their layout.
 *
 * @param weights [batch, heads, queries, keys], after softmax and before dropout
 * @param dWeights their gradient
 */
export function weightsGradient(
  inputs: AttentionInputs,
  weights: tf.Tensor,
  dWeights: tf.Tensor,
  { numHeads, scale }: AttentionAttrs,
): Record<string, tf.Tensor> {
  const [query, key, value] = unpack(inputs) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const product = tf.mul(dWeights, weights);
  const dScores = tf.mul(tf.sub(product, tf.mul(tf.sum(product, -1, true), weights)), scale);
  const dQuery = mergeHeads(tf.matMul(dScores, splitHeads(key, numHeads)));
  const dKey = mergeHeads(tf.matMul(dScores, splitHeads(query, numHeads), true, false));
  const dValue = tf.zerosLike(value);
  if (inputs.key === undefined) return { query: tf.concat([dQuery, dKey, dValue], -1) };
  if (inputs.value === undefined) return { query: dQuery, key: tf.concat([dKey, dValue], -1) };
  return { query: dQuery, key: dKey, value: dValue };
}

/** q, k, v of any of the three layouts. */
function unpack({ query, key, value }: AttentionInputs): tf.Tensor[] {
  if (key === undefined) return tf.split(query, 3, -1);
  if (value === undefined) return [query, ...tf.split(key, 2, -1)];
  return [query, key, value];
}

/** [batch, steps, heads · dim] to [batch, heads, steps, dim]. */
export function splitHeads(x: tf.Tensor, numHeads: number): tf.Tensor {
  const [batch, steps, width] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, steps, numHeads, width / numHeads]), [0, 2, 1, 3]);
}

/** [batch, heads, steps, dim] to [batch, steps, heads · dim]. */
export function mergeHeads(x: tf.Tensor): tf.Tensor {
  const [batch, heads, steps, dim] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, steps, heads * dim]);
}

/** Which keys each query sees, broadcastable to [batch, heads, queries, keys]; undefined for all. */
function visibleKeys(
  shape: number[],
  causal: boolean,
  validLens: tf.Tensor | undefined,
): tf.Tensor | undefined {
  const [, , queries, keys] = shape as [number, number, number, number];
  const conditions: tf.Tensor[] = [];
  if (validLens !== undefined) conditions.push(tf.expandDims(withinLength(validLens, keys), 1));
  if (causal) {
    const last = tf.add(tf.range(0, queries, 1, 'int32'), tf.scalar(keys - queries, 'int32'));
    const positions = tf.reshape(tf.range(0, keys, 1, 'int32'), [1, keys]);
    conditions.push(
      tf.reshape(tf.lessEqual(positions, tf.reshape(last, [queries, 1])), [1, 1, queries, keys]),
    );
  }
  if (conditions.length === 0) return undefined;
  return conditions.length === 1
    ? conditions[0]
    : tf.logicalAnd(conditions[0] as tf.Tensor, conditions[1] as tf.Tensor);
}
