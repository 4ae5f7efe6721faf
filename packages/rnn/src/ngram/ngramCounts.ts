// Counts of all n-grams up to an order, as a trie over token ids.
import { ValueError } from '@d2lts/core';

const root = 0;

/**
 * Counts every n-gram of length 1 to `order` in streams of token ids.
 *
 * A node stands for one n-gram; its suffix is the node of the same n-gram without the first token, which is what
 * back-off needs.
 *
 * @example
 * ```ts
 * const counts = new NgramCounts(3, 28);
 * counts.add([0, 1, 2, 0, 1]);
 * counts.count([0, 1]); // 2
 * ```
 */
export class NgramCounts {
  /** Longest n-gram that is counted. */
  readonly order: number;
  /** Number of different tokens; ids are 0 to vocabSize − 1. */
  readonly vocabSize: number;
  readonly #children = new Map<number, number>(); // parent · vocabSize + token → node
  readonly #counts: number[] = [0];
  readonly #suffixes: number[] = [root];
  readonly #parents: number[] = [-1];
  readonly #depths: number[] = [0];

  /** @throws ValueError when order or vocabSize is not a positive integer. */
  constructor(order: number, vocabSize: number) {
    for (const [argument, value] of Object.entries({ order, vocabSize }))
      if (!Number.isInteger(value) || value < 1)
        throw new ValueError({
          operation: 'NgramCounts',
          fact: `${argument} must be a positive integer`,
          value,
          argument,
        });
    this.order = order;
    this.vocabSize = vocabSize;
  }

  /** Number of n-grams seen, of all lengths. */
  get size(): number {
    return this.#counts.length - 1;
  }

  /** Counts one stream (a document, a sentence); n-grams do not reach across streams. */
  add(ids: ArrayLike<number>): this {
    let open: number[] = []; // nodes of the n-grams that end at the previous token, longest first
    for (let i = 0; i < ids.length; i++) {
      const token = this.#check(ids[i]!);
      // grown holds the longest first; an n-gram's suffix is the one after it, so the shortest is made first.
      const grown = Array.from({ length: Math.min(open.length + 1, this.order) }, () => root);
      let suffix = root;
      for (let k = grown.length - 1; k >= 0; k--) {
        const parent = k === grown.length - 1 ? root : open[open.length - grown.length + 1 + k]!;
        suffix = this.#grow(parent, token, suffix);
        this.#counts[suffix]! += 1;
        grown[k] = suffix;
      }
      this.#counts[root]! += 1;
      open = grown;
    }
    return this;
  }

  /** How often an n-gram was seen; the empty n-gram counts tokens. */
  count(ngram: ArrayLike<number>): number {
    const node = this.find(ngram);
    return node === undefined ? 0 : this.countOf(node);
  }

  /** How often the n-gram of a node was seen. */
  countOf(node: number): number {
    return this.#counts[node]!;
  }

  /** The node of an n-gram, if it was seen; the empty n-gram is node 0. */
  find(ngram: ArrayLike<number>): number | undefined {
    let node: number | undefined = root;
    for (let i = 0; i < ngram.length && node !== undefined; i++) node = this.child(node, ngram[i]!);
    return node;
  }

  /** The node of the n-gram of `node` followed by `token`. */
  child(node: number, token: number): number | undefined {
    return this.#children.get(node * this.vocabSize + token);
  }

  /** Calls `visit` for every n-gram seen: its node, length, count, its parent (without the last token) and suffix. */
  forEach(visit: (node: number, depth: number, count: number, parent: number, suffix: number) => void): void {
    for (let node = 1; node < this.#counts.length; node++)
      visit(node, this.#depths[node]!, this.#counts[node]!, this.#parents[node]!, this.#suffixes[node]!);
  }

  #grow(parent: number, token: number, suffix: number): number {
    const key = parent * this.vocabSize + token;
    let node = this.#children.get(key);
    if (node === undefined) {
      node = this.#counts.length;
      this.#children.set(key, node);
      this.#counts.push(0);
      this.#suffixes.push(suffix);
      this.#parents.push(parent);
      this.#depths.push(this.#depths[parent]! + 1);
    }
    return node;
  }

  #check(token: number): number {
    if (!Number.isInteger(token) || token < 0 || token >= this.vocabSize)
      throw new ValueError({
        operation: 'NgramCounts.add',
        fact: `token ids must be integers from 0 to ${this.vocabSize - 1}`,
        value: token,
        advice: 'check the vocabulary',
        argument: 'ids',
      });
    return token;
  }
}
