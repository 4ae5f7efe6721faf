// The split rule of sentence pairs: by the source side, so that no source sentence is in two parts.
import { createHash } from 'node:crypto';

/** A sentence and its translation. */
export interface SentencePair {
  source: string;
  target: string;
}

/** A sentence with all its translations. */
export interface ReferencedSentence {
  source: string;
  references: string[];
}

/** The three parts of a parallel corpus. */
export interface SplitPairs {
  /** Every pair: a sentence with several translations comes several times. */
  train: SentencePair[];
  /** Every sentence once, with all its translations. */
  valid: ReferencedSentence[];
  test: ReferencedSentence[];
}

/** Shares of the source sentences, each in [0, 1]. */
export interface SplitShares {
  valid: number;
  test: number;
}

/**
 * What decides a sentence's part: its letters and digits, without case, spacing, punctuation and compatibility forms.
 * "Run!" and "run" have the same key, so near-duplicates never lie on two sides.
 */
export function splitKey(source: string): string {
  const folded = source.normalize('NFKC').toLowerCase();
  const letters = folded.replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  // A sentence of punctuation only is its own key.
  return letters === '' ? folded.trim() : letters;
}

/**
 * A number in [0, 1) from a sentence's key: the first 32 bits of its SHA-256, over 2³². It depends on nothing else,
 * so a sentence stays in its part when the corpus grows or is put in another order.
 */
export function splitPosition(source: string): number {
  return createHash('sha256').update(splitKey(source), 'utf8').digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * Splits pairs by the `splitPosition` of one side: [0, test) is test, [test, test + valid) is valid, the rest train.
 * The loaders take the English side in both directions, so both have the same parts.
 */
export function splitPairs(
  pairs: Iterable<SentencePair>,
  shares: SplitShares,
  side: 'source' | 'target' = 'source',
): SplitPairs {
  const train: SentencePair[] = [];
  const valid = new Map<string, Set<string>>();
  const test = new Map<string, Set<string>>();
  // Corpora keep the translations of a sentence together: most positions are the last one.
  let last: { text: string; position: number } | undefined;
  for (const pair of pairs) {
    const text = pair[side];
    if (last?.text !== text) last = { text, position: splitPosition(text) };
    const { position } = last;
    if (position < shares.test) addReference(test, pair);
    else if (position < shares.test + shares.valid) addReference(valid, pair);
    else train.push(pair);
  }
  return { train, valid: withReferences(valid), test: withReferences(test) };
}

function addReference(sentences: Map<string, Set<string>>, { source, target }: SentencePair): void {
  const references = sentences.get(source);
  if (references) references.add(target);
  else sentences.set(source, new Set([target]));
}

/** Every source sentence of some pairs once, with all its translations. */
export function groupReferences(pairs: Iterable<SentencePair>): ReferencedSentence[] {
  const sentences = new Map<string, Set<string>>();
  for (const pair of pairs) addReference(sentences, pair);
  return withReferences(sentences);
}

function withReferences(sentences: Map<string, Set<string>>): ReferencedSentence[] {
  return Array.from(sentences, ([source, references]) => ({ source, references: [...references] }));
}
