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
  /** Query i sees keys up to i + keys − queries. */
  causal?: boolean;
  /** Also gives the weights. */
  returnWeights?: boolean;
  /** Where the queries of self-attention stand, for rotary positions; from 0 on by default. */
  positions?: Positions;
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

/** What a part of the packed projection makes. */
type Projection = 'query' | 'key' | 'value' | 'memory';

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
   * @param memory [batch, keys, dim], for keys and values both; or each by itself
   */
  forward(query: tf.Tensor, memory?: tf.Tensor | KeysAndValues, options: AttendOptions = {}): Attended {
    this.check(query);
    if (memory !== undefined && 'keys' in memory) {
      const [key, value] = [this.project(memory.keys, 'key'), this.project(memory.values, 'value')];
      return this.finish({ query: this.project(query, 'query'), key, value }, options);
    }
    if (memory !== undefined) return this.attendTo(query, this.project(memory, 'memory'), options);
    const all = this.projectAll(query);
    if (this.rotary === undefined) return this.finish({ query: all }, options);
    const [turned, keysValues] = this.divide(all, options.positions ?? 0);
    return this.finish({ query: turned, key: keysValues }, options);
  }

  /**
   * Causal self-attention of the next steps, with the keys and values of the steps before them.
   *
   * @param x [batch, steps, dim]
   * @param past [batch, steps before, 2·dim]; none at the start
   * @returns also keys and values of all steps so far
   */
  extend(
    x: tf.Tensor,
    past: tf.Tensor | undefined,
    options: AttendOptions = {},
  ): Attended & { keysValues: tf.Tensor } {
    const [query, own] = this.divide(this.projectAll(x), options.positions ?? past?.shape[1] ?? 0);
    const keysValues = past === undefined ? own : tf.concat([past, own], 1);
    const causal = x.shape[1] !== 1;
    return { ...this.finish({ query, key: keysValues }, { ...options, causal }), keysValues };
  }

  /** Attention from `query` to keys and values that were projected before: `[batch, keys, 2·dim]`. */
  attendTo(query: tf.Tensor, keysValues: tf.Tensor, options: AttendOptions = {}): Attended {
    return this.finish({ query: this.project(query, 'query'), key: keysValues }, options);
  }

  /** Queries, keys and values in one: `[batch, steps, 3·dim]`. */
  projectAll(x: tf.Tensor): tf.Tensor {
    this.check(x);
    return linear(x, this.in_proj_weight, { bias: this.in_proj_bias });
  }

  /** Keys and values `[batch, keys, 2·dim]` of a memory, or one of the three by itself, `[batch, steps, dim]`. */
  project(x: tf.Tensor, as: Projection): tf.Tensor {
    return this.projectWith(x, this.part(as));
  }

  /** The same, with a part of the packed projection that was cut out before. */
  projectWith(x: tf.Tensor, [weight, bias]: [tf.Tensor, tf.Tensor | undefined]): tf.Tensor {
    this.check(x);
    return linear(x, weight, { bias });
  }

  /** The rows of the packed projection for queries, keys, values, or (memory) keys and values. */
  part(as: Projection): [weight: tf.Tensor, bias: tf.Tensor | undefined] {
    const begin = { query: 0, key: 1, value: 2, memory: 1 }[as] * this.dim;
    const size = as === 'memory' ? 2 * this.dim : this.dim;
    const bias = this.in_proj_bias;
    return [
      tf.slice(this.in_proj_weight, [begin, 0], [size, this.dim]),
      bias === undefined ? undefined : tf.slice(bias, [begin], [size]),
    ];
  }

  /** Attention over projected inputs, then the output projection. */
  finish(inputs: { query: tf.Tensor; key?: tf.Tensor; value?: tf.Tensor }, options: AttendOptions): Attended {
    const dropout = this.training ? this.dropout : 0;
    const { output, weights } = scaledDotProductAttention(inputs, {
      ...options,
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

  private check(x: tf.Tensor): void {
    if (x.rank === 3 && x.shape[2] === this.dim) return;
    throw new ShapeError({
      operation: 'MultiHeadAttention.forward',
      fact: `inputs must be [batch, steps, ${this.dim}]`,
      value: x.shape,
    });
  }
}
