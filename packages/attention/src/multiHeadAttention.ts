// Multi-head attention with PyTorch's packed projection.
import {
  type Rng,
  Linear,
  Module,
  ShapeError,
  ValueError,
  constant,
  initialize,
  initialized,
  linear,
  scaledDotProductAttention,
  xavierUniform,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { KeyValueCache } from './keyValueCache.ts';
import type { Positions, RotaryPositionalEncoding } from './positions/index.ts';

/** Options of `MultiHeadAttention`. */
export interface MultiHeadAttentionOptions {
  /** Dropout on the attention weights in training mode; 0 by default. */
  dropout?: number;
  /** Whether the projections have biases; true by default (the book's have none). */
  bias?: boolean;
  /** Turns queries and keys of self-attention by their positions; none by default. */
  rotary?: RotaryPositionalEncoding | undefined;
  /** Draws initial values and dropout masks. */
  rng: Rng;
}

/** Who may see whom in one call. */
export interface AttendOptions {
  /** int32 [batch] or [batch, queries]: keys at or past it are hidden. */
  validLens?: tf.Tensor | undefined;
  /** float32 [batch | 1, heads | 1, queries | 1, keys], added to the scores. */
  mask?: tf.Tensor | undefined;
  /** Query i sees keys up to i + keys − queries; always so with a cache. */
  causal?: boolean;
  /** Also gives the weights. */
  returnWeights?: boolean;
  /** Where the queries of self-attention stand, for rotary positions; after the cache's by default. */
  positions?: Positions | undefined;
  /** Self-attention: the steps before these, which these are added to. */
  cache?: KeyValueCache | undefined;
}

/** What a query attends to, where keys and values are not the same vectors. */
export interface KeysAndValues {
  /** [batch, keys, dim]. */
  keys: tf.Tensor;
  /** [batch, keys, dim]. */
  values: tf.Tensor;
}

/** Result of attention: the output and, when asked for, the weights `[batch, heads, queries, keys]`. */
export interface Attended {
  /** [batch, queries, dim]. */
  output: tf.Tensor;
  weights?: tf.Tensor;
}

/** A memory that many queries look back at, projected once; the tensors belong to the caller. */
export interface PreparedMemory {
  /** [batch, keys, 2·dim]. */
  keysValues: tf.Tensor;
  /** The query part of the packed projection. */
  query: Projection;
}

type Projection = [weight: tf.Tensor, bias: tf.Tensor | undefined];

/**
 * Several attentions side by side, each on its own projection of queries, keys and values.
 * "Attention Is All You Need", https://arxiv.org/abs/1706.03762, section 3.2.2; the book's section 10.5.
 *
 * State names and layout are those of `torch.nn.MultiheadAttention`: `in_proj_weight` is [3·dim, dim] with the
 * rows of q, k, v one after the other, then `in_proj_bias`, `out_proj.weight`, `out_proj.bias`.
 */
export class MultiHeadAttention extends Module {
  in_proj_weight: tf.Variable;
  in_proj_bias: tf.Variable | undefined;
  out_proj: Linear;
  readonly dim: number;
  readonly numHeads: number;
  readonly dropout: number;
  readonly rng: Rng;
  readonly rotary: RotaryPositionalEncoding | undefined;

  /** @throws ValueError when `dim` is no multiple of `numHeads` */
  constructor(dim: number, numHeads: number, options: MultiHeadAttentionOptions) {
    super();
    const { dropout = 0, bias = true, rotary, rng } = options;
    if (!Number.isInteger(numHeads) || numHeads < 1 || dim % numHeads !== 0) {
      throw new ValueError({
        operation: 'MultiHeadAttention',
        fact: `numHeads must divide dim ${dim}`,
        value: numHeads,
        argument: 'numHeads',
      });
    }
    this.dim = dim;
    this.numHeads = numHeads;
    this.dropout = dropout;
    this.rng = rng;
    this.rotary = rotary;
    this.in_proj_weight = initialized([3 * dim, dim], xavierUniform(), rng);
    this.in_proj_bias = bias ? initialized([3 * dim], constant(0), rng) : undefined;
    this.out_proj = new Linear(dim, dim, { bias, rng });
    if (this.out_proj.bias !== undefined) initialize(this.out_proj.bias, constant(0), rng);
  }

  /**
   * Attention from `query` to `memory`; to itself when there is no memory.
   *
   * @param query [batch, queries, dim]
   * @param memory [batch, keys, dim], for keys and values both; or each by itself; or what `prepare` gave
   */
  forward(
    query: tf.Tensor,
    memory?: tf.Tensor | KeysAndValues | PreparedMemory,
    options: AttendOptions = {},
  ): Attended {
    if (memory === undefined) {
      const { cache } = options;
      const all = this.project(query, [this.in_proj_weight, this.in_proj_bias]); // [batch, steps, 3·dim]
      if (this.rotary === undefined && cache === undefined) return this.attend({ query: all }, options);
      const [turned, own] = this.divide(all, options.positions ?? cache?.steps ?? 0);
      if (cache === undefined) return this.attend({ query: turned, key: own }, options);
      const causal = query.shape[1] !== 1;
      return this.attend({ query: turned, key: cache.update(own) }, options, causal);
    }
    if ('keys' in memory) {
      const key = this.project(memory.keys, this.part(1, 1));
      const value = this.project(memory.values, this.part(2, 1));
      return this.attend({ query: this.project(query, this.part(0, 1)), key, value }, options);
    }
    const prepared = 'keysValues' in memory ? memory : this.prepare(memory);
    return this.attend({ query: this.project(query, prepared.query), key: prepared.keysValues }, options);
  }

  /** Projects a memory [batch, keys, dim] once for many queries. */
  prepare(memory: tf.Tensor): PreparedMemory {
    return { keysValues: this.project(memory, this.part(1, 2)), query: this.part(0, 1) };
  }

  private project(x: tf.Tensor, [weight, bias]: Projection): tf.Tensor {
    if (x.rank === 3 && x.shape[2] === this.dim) return linear(x, weight, { bias });
    throw new ShapeError({
      operation: 'MultiHeadAttention.forward',
      fact: `inputs must be [batch, steps, ${this.dim}]`,
      value: x.shape,
    });
  }

  /** Some of the three parts of the packed projection: 0 queries, 1 keys, 2 values. */
  private part(first: number, count: number): Projection {
    const { dim, in_proj_weight: weight, in_proj_bias: bias } = this;
    return [
      tf.slice(weight, [first * dim, 0], [count * dim, dim]),
      bias && tf.slice(bias, [first * dim], [count * dim]),
    ];
  }

  /** Attention over projected inputs, then the output projection. */
  private attend(
    inputs: { query: tf.Tensor; key?: tf.Tensor; value?: tf.Tensor },
    { validLens, mask, causal: wanted = false, returnWeights = false }: AttendOptions,
    causal = wanted,
  ): Attended {
    const dropout = this.training ? this.dropout : 0;
    const { output, weights } = scaledDotProductAttention(inputs, {
      validLens,
      mask,
      causal,
      returnWeights,
      numHeads: this.numHeads,
      dropout,
      ...(dropout > 0 ? { seed: this.rng.seedPair() } : {}),
    });
    const result = this.out_proj.forward(output);
    return weights === undefined ? { output: result } : { output: result, weights };
  }

  /** Queries [batch, steps, dim], and keys and values [batch, steps, 2·dim], of the packed projection. */
  private divide(all: tf.Tensor, positions: Positions): [query: tf.Tensor, keysValues: tf.Tensor] {
    const { dim, rotary } = this;
    if (rotary === undefined) {
      const query = tf.slice(all, [0, 0, 0], [-1, -1, dim]);
      return [query, tf.slice(all, [0, 0, dim], [-1, -1, 2 * dim])];
    }
    const [query, key, value] = tf.split(all, 3, 2) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return [rotary.forward(query, positions), tf.concat([rotary.forward(key, positions), value], 2)];
  }
}
