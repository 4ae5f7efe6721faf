// Leaves out frequent words at random: they tell little about their neighbours.
import type { Rng } from '@d2lts/core';
import { type Vocab, countCorpus } from '@d2lts/rnn';

/** Options of {@link subsample}. */
export interface SubsampleOptions {
  rng: Rng;
  /** Words rarer than this share of all words are always kept. Default 1e-4. */
  threshold?: number;
}

/** The words that stayed, and how often each word occurred before. */
export interface Subsampled {
  sentences: string[][];
  counts: Map<string, number>;
}

/**
 * Drops unknown words, then each occurrence of a word w with probability max(0, 1 − √(t / f(w))), f being w's share of
 * all known words.
 *
 * Source: T. Mikolov et al. (https://arxiv.org/abs/1310.4546), section 2.3; the book's `subsample` (15.3).
 *
 * @example
 * const { sentences, counts } = subsample(corpus, vocab, { rng: new Rng(1) });
 */
export function subsample(
  sentences: readonly (readonly string[])[],
  vocab: Vocab,
  { rng, threshold = 1e-4 }: SubsampleOptions,
): Subsampled {
  const known = sentences.map((words) => words.filter((word) => vocab.index(word) !== vocab.unk));
  const counts = countCorpus(known);
  const total = known.reduce((sum, { length }) => sum + length, 0);
  const keep = (word: string) => rng.uniform() < Math.sqrt((threshold * total) / counts.get(word)!);
  return { sentences: known.map((words) => words.filter(keep)), counts };
}
