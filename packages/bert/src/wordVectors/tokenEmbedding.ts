// Word vectors that one looks words up in: neighbours by cosine, analogies.
import { ShapeError, ValueError } from '@d2lts/core';

/** A word and how near it is, from −1 to 1. */
export interface Neighbour {
  token: string;
  /** Cosine of the angle between both vectors. */
  similarity: number;
}

/**
 * Vectors of words by name: the book's `TokenEmbedding` (15.7), trained here or read from a file of GloVe or fastText
 * (`parseWordVectors`). Unknown words have the zero vector.
 *
 * @example
 * const words = new TokenEmbedding(['king', 'queen'], Float32Array.of(1, 0.1, 1, 0), 2);
 * words.nearest('king', 1); // [{ token: 'queen', similarity: 0.995 }]
 */
export class TokenEmbedding {
  readonly tokens: readonly string[];
  readonly dim: number;
  /** [tokens, dim], row after row. */
  readonly vectors: Float32Array;
  readonly #index = new Map<string, number>();
  readonly #norms: Float64Array;

  /** @throws ShapeError when there are not `tokens.length · dim` values */
  constructor(tokens: readonly string[], vectors: Float32Array, dim: number) {
    if (vectors.length !== tokens.length * dim)
      throw new ShapeError({
        operation: 'TokenEmbedding',
        fact: `vectors must have ${tokens.length} · ${dim} values`,
        value: vectors.length,
        argument: 'vectors',
      });
    this.tokens = tokens;
    this.dim = dim;
    this.vectors = vectors;
    tokens.forEach((token, i) => this.#index.set(token, this.#index.get(token) ?? i));
    this.#norms = Float64Array.from(tokens, (_, i) => norm(this.#row(i)));
  }

  /** Number of words. */
  get size(): number {
    return this.tokens.length;
  }

  /** Whether the word has a vector. */
  has(token: string): boolean {
    return this.#index.has(token);
  }

  /** The word's vector; zeros for an unknown word. */
  vector(token: string): Float32Array {
    const i = this.#index.get(token);
    return i === undefined ? new Float32Array(this.dim) : this.#row(i).slice();
  }

  /** The `k` words whose vectors are nearest to a vector by cosine, nearest first (the book's `knn`). */
  knn(vector: ArrayLike<number>, k: number, without: readonly string[] = []): Neighbour[] {
    if (vector.length !== this.dim)
      throw new ShapeError({
        operation: 'TokenEmbedding.knn',
        fact: `vector must have ${this.dim} values`,
        value: vector.length,
        argument: 'vector',
      });
    const length = norm(vector);
    const left = new Set(without.map((token) => this.#index.get(token)));
    const scores: [number, number][] = [];
    for (let i = 0; i < this.size; i++) {
      if (left.has(i)) continue;
      const row = this.#row(i);
      let dot = 0;
      for (let j = 0; j < this.dim; j++) dot += row[j]! * vector[j]!;
      const scale = length * this.#norms[i]!;
      scores.push([i, scale > 0 ? dot / scale : 0]);
    }
    scores.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return scores.slice(0, k).map(([i, similarity]) => ({ token: this.tokens[i]!, similarity }));
  }

  /**
   * The words nearest to a word, without itself (the book's `get_similar_tokens`).
   *
   * @throws ValueError for an unknown word
   */
  nearest(token: string, k: number): Neighbour[] {
    return this.knn(this.#known(token, 'nearest'), k, [token]);
  }

  /**
   * What is to `c` as `b` is to `a`: the word nearest to vec(b) − vec(a) + vec(c), without the three (the book's
   * `get_analogy`, which leaves none out).
   *
   * @throws ValueError for an unknown word
   *
   * @example
   * glove.analogy('man', 'woman', 'son', 1)[0].token; // 'daughter'
   */
  analogy(a: string, b: string, c: string, k: number): Neighbour[] {
    const [from, to, vector] = [a, b, c].map((token) => this.#known(token, 'analogy')) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const target = vector.map((value, i) => value + to[i]! - from[i]!);
    return this.knn(target, k, [a, b, c]);
  }

  #known(token: string, method: string): Float32Array {
    if (this.has(token)) return this.vector(token);
    throw new ValueError({
      operation: `TokenEmbedding.${method}`,
      fact: 'the word must have a vector',
      value: token,
      advice: 'ask has(token) first',
      argument: 'token',
    });
  }

  #row(i: number): Float32Array {
    return this.vectors.subarray(i * this.dim, (i + 1) * this.dim);
  }
}

function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return Math.sqrt(sum);
}
