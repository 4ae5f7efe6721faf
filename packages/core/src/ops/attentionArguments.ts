// The arguments of scaled dot-product attention: types, checks, and the kernel's attributes.
import type { AttentionAttrs } from '@d2lts/backend';
import type * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { checkProbability, checkShape, checkType } from './check.ts';
import type { SeedPair } from './dropout.ts';
import { checkLens } from './maskedSoftmax.ts';

/** What attends to what: three tensors, or packed projections. */
export interface AttentionInputs {
  /** [batch, queries, heads · dim]; alone it is packed q, k, v: [batch, steps, 3 · heads · dim]. */
  query: tf.Tensor;
  /** [batch, keys, heads · dim]; without `value` it is packed k, v: [batch, keys, 2 · heads · dim]. */
  key?: tf.Tensor | undefined;
  /** [batch, keys, heads · dim]; a different dim than that of query and key is composed, not fused. */
  value?: tf.Tensor | undefined;
}

/** Options of `scaledDotProductAttention`. */
export interface AttentionOptions {
  /** 1 by default. */
  numHeads?: number;
  /** Multiplies the scores; 1 / √dim by default. */
  scale?: number;
  /** int32 [batch] or [batch, queries]: keys at or past it are hidden. */
  validLens?: tf.Tensor | undefined;
  /** float32 [batch | 1, heads | 1, queries | 1, keys], added to the scores. */
  mask?: tf.Tensor | undefined;
  /** Query i sees keys up to i + keys − queries; false by default. */
  causal?: boolean;
  /** Probability of dropping a weight; 0 by default. */
  dropout?: number;
  /** Keys the dropout mask; needed when dropout > 0. */
  seed?: SeedPair;
  /** Also return the weights (after softmax, before dropout); false by default. */
  returnWeights?: boolean;
}

/** What `scaledDotProductAttention` returns. */
export interface AttentionResult {
  /** [batch, queries, heads · dim]. */
  output: tf.Tensor;
  /** [batch, heads, queries, keys], not differentiable; only when asked for. */
  weights?: tf.Tensor;
}

/** Checks the arguments and gives the kernel's attributes. */
export function attentionAttrs(
  { query, key, value }: AttentionInputs,
  options: AttentionOptions,
): AttentionAttrs {
  const name = 'scaledDotProductAttention';
  const { numHeads = 1, causal = false, dropout = 0, seed, returnWeights = false, validLens, mask } = options;
  const layout = key === undefined ? 'qkv' : value === undefined ? 'q_kv' : 'separate';
  checkType(name, 'query', query, 'float32');
  checkShape(name, 'query', query, ['batch', 'queries', 'features'], 'merge the heads into the last axis');
  const [batch, queries, packed] = query.shape as [number, number, number];
  const width = layout === 'qkv' ? packed / 3 : packed;
  checkHeads(
    width,
    numHeads,
    `query features must be ${layout === 'qkv' ? '3 · ' : ''}numHeads · dim`,
    packed,
  );
  if (key !== undefined)
    checkShape(name, 'key', key, [batch, 'keys', value === undefined ? 2 * width : width]);
  const keys = key?.shape[1] ?? queries;
  if (value !== undefined) {
    checkShape(name, 'value', value, [batch, keys, 'heads · dim']);
    checkHeads(value.shape[2] as number, numHeads, 'value features must be numHeads · dim');
  }
  checkLens(name, validLens, batch, queries);
  if (mask !== undefined) checkMask(mask, [batch, numHeads, queries, keys]);
  checkProbability(name, dropout, 'dropout');
  if (dropout > 0 && seed === undefined) {
    throw new ValueError({
      operation: name,
      fact: 'dropout needs a seed',
      value: undefined,
      advice: 'pass rng.seedPair()',
      argument: 'seed',
    });
  }
  const scale = options.scale ?? 1 / Math.sqrt(width / numHeads);
  const words: [number, number] = seed === undefined ? [0, 0] : [seed[0], seed[1]];
  return { numHeads, layout, scale, causal, dropout, seed: words, returnWeights, training: false };
}

function checkHeads(width: number, numHeads: number, fact: string, value = width): void {
  if (Number.isInteger(width / numHeads)) return;
  throw new ValueError({
    operation: 'scaledDotProductAttention',
    fact,
    value,
    advice: `choose a multiple for ${numHeads} heads`,
    argument: 'numHeads',
  });
}

function checkMask(mask: tf.Tensor, full: number[]): void {
  const fits =
    mask.rank === 4 &&
    mask.dtype === 'float32' &&
    mask.shape.every((size, i) => size === full[i] || (size === 1 && i < 3));
  if (!fits)
    checkShape(
      'scaledDotProductAttention',
      'mask',
      mask,
      full,
      'each of the first three axes may also be 1; it must be float32',
    );
}
