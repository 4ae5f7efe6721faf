// Words from their parts: fastText's character n-grams.
import { type Rng, Embedding, Module, ValueError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link characterNgrams}. */
export interface NgramRange {
  /** Shortest n-gram in characters; default 3. */
  min?: number;
  /** Longest; default 6. */
  max?: number;
}

/**
 * The n-grams of `<word>`, without the whole: what fastText adds up beside the word's own vector.
 *
 * Source: P. Bojanowski et al. (https://arxiv.org/abs/1607.04606), section 3.2; the book's 15.6.
 *
 * @example
 * characterNgrams('where', { max: 3 }); // ['<wh', 'whe', 'her', 'ere', 're>']
 */
export function characterNgrams(word: string, { min = 3, max = 6 }: NgramRange = {}): string[] {
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min)
    throw new ValueError({
      operation: 'characterNgrams',
      fact: 'min and max must be integers, 1 ≤ min ≤ max',
      value: [min, max],
      argument: 'min',
    });
  const characters = ['<', ...Array.from(word), '>'];
  const ngrams: string[] = [];
  for (let n = min; n <= Math.min(max, characters.length - 1); n++)
    for (let i = 0; i + n <= characters.length; i++) ngrams.push(characters.slice(i, i + n).join(''));
  return ngrams;
}

/** 32-bit FNV-1a of the UTF-8 bytes as fastText computes it: each byte as a signed char. */
export function fastTextHash(text: string): number {
  let hash = 2_166_136_261;
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= (byte << 24) >> 24;
    hash = Math.imul(hash, 16_777_619);
  }
  return hash >>> 0;
}

/** Sizes of a {@link SubwordEmbedding}. */
export interface SubwordEmbeddingOptions extends NgramRange {
  /** Rows that the n-grams share; default 2,000,000 in fastText, here given by the caller. */
  buckets: number;
  rng: Rng;
}

/**
 * Vectors of words as the mean of the word's own and those of its n-grams, which share `buckets` rows by hash; unknown
 * words are made of their n-grams alone.
 *
 * Source: P. Bojanowski et al. (https://arxiv.org/abs/1607.04606).
 *
 * @example
 * const table = new SubwordEmbedding(['where', 'here'], 16, { buckets: 1000, rng: new Rng(1) });
 * table.forward(['where', 'nowhere']).shape; // [2, 16]
 */
export class SubwordEmbedding extends Module {
  /** [words + buckets, dim]: as fastText's input matrix. */
  table: Embedding;
  readonly buckets: number;
  readonly range: NgramRange;
  readonly #words: Map<string, number>;

  constructor(words: readonly string[], dim: number, { buckets, rng, ...range }: SubwordEmbeddingOptions) {
    super();
    this.#words = new Map(words.map((word, i) => [word, i]));
    this.buckets = buckets;
    this.range = range;
    this.table = new Embedding(words.length + buckets, dim, { rng });
  }

  /** Rows of the table that make up a word. */
  rows(word: string): number[] {
    const own = this.#words.get(word);
    const parts = characterNgrams(word, this.range).map(
      (ngram) => this.#words.size + (fastTextHash(ngram) % this.buckets),
    );
    return own === undefined ? parts : [own, ...parts];
  }

  /** @returns [words, dim]; zeros for a word without a row */
  forward(words: readonly string[]): tf.Tensor {
    const rows = words.map((word) => this.rows(word));
    const longest = rows.reduce((most, { length }) => Math.max(most, length), 1);
    const ids = new Int32Array(words.length * longest);
    const shares = new Float32Array(words.length * longest);
    rows.forEach((row, i) => {
      ids.set(row, i * longest);
      shares.fill(1 / Math.max(row.length, 1), i * longest, i * longest + row.length);
    });
    return tf.tidy(() => {
      const parts = this.table.forward(tf.tensor2d(ids, [words.length, longest], 'int32')); // [words, longest, dim]
      const weights = tf.tensor3d(shares, [words.length, 1, longest]);
      return tf.squeeze(tf.matMul(weights, parts), [1]);
    });
  }
}
