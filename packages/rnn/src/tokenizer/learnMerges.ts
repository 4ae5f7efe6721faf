// The core of BPE training: merge the most frequent pair of neighbours, again and again (arXiv:1508.07909).
import { PairQueue } from './pairQueue.ts';

/** One distinct word as symbol ids, and its number of occurrences. */
export interface CountedWord {
  symbols: number[];
  count: number;
}

/** A learned merge: the two symbols and the id of what they become. */
export interface Merge {
  left: number;
  right: number;
  id: number;
}

/** How merging goes on and ends. */
export interface LearnOptions {
  /** The next merge's symbol: a fresh id, or that of an equal symbol; undefined ends the training. */
  join(left: number, right: number): number | undefined;
  /** Pairs seen fewer times are not merged. */
  minFrequency: number;
}

// Symbol ids stay below 2²⁴, so that a pair is one exact number.
const idLimit = 2 ** 24;

/**
 * Learns merges in order. Pair counts are kept up to date word by word, so that a merge costs only the
 * words that contain it. Words are changed in place. The result depends on nothing but the counts.
 */
export function learnMerges(words: readonly CountedWord[], options: LearnOptions): Merge[] {
  const counts = new Map<number, number>();
  const places = new Map<number, Set<number>>();
  const add = (left: number, right: number, amount: number, word: number) => {
    const key = left * idLimit + right;
    counts.set(key, (counts.get(key) ?? 0) + amount);
    if (amount < 0) return;
    const set = places.get(key);
    if (set === undefined) places.set(key, new Set([word]));
    else set.add(word);
  };
  words.forEach(({ symbols, count }, index) => {
    for (let i = 1; i < symbols.length; i++) add(symbols[i - 1]!, symbols[i]!, count, index);
  });

  const queue = new PairQueue();
  const enqueue = (key: number) => {
    const count = counts.get(key) ?? 0;
    if (count > 0) queue.push({ left: Math.floor(key / idLimit), right: key % idLimit, count });
  };
  for (const key of counts.keys()) enqueue(key);

  const merges: Merge[] = [];
  for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
    const { left, right } = top;
    const key = left * idLimit + right;
    const count = counts.get(key) ?? 0;
    if (count !== top.count) {
      enqueue(key); // stale: back in line with its true count
      continue;
    }
    if (count < options.minFrequency) break;
    const id = options.join(left, right);
    if (id === undefined) break;
    merges.push({ left, right, id });

    const grown = new Set<number>();
    for (const index of places.get(key) ?? []) {
      const word = words[index]!;
      mergeInWord(word.symbols, left, right, id, (a, b, sign) => {
        add(a, b, sign * word.count, index);
        if (sign > 0) grown.add(a * idLimit + b);
      });
    }
    counts.delete(key);
    places.delete(key);
    grown.delete(key);
    for (const pair of grown) enqueue(pair);
  }
  return merges;
}

/** Replaces `left right` by `id` in place and reports the neighbouring pairs that go (−1) and come (+1). */
function mergeInWord(
  symbols: number[],
  left: number,
  right: number,
  id: number,
  change: (a: number, b: number, sign: 1 | -1) => void,
): void {
  let write = 0;
  for (let read = 0; read < symbols.length; read++) {
    const isPair = symbols[read] === left && symbols[read + 1] === right;
    if (!isPair) {
      symbols[write++] = symbols[read]!;
      continue;
    }
    if (write > 0) {
      change(symbols[write - 1]!, left, -1);
      change(symbols[write - 1]!, id, 1);
    }
    if (read + 2 < symbols.length) {
      change(right, symbols[read + 2]!, -1);
      change(id, symbols[read + 2]!, 1);
    }
    symbols[write++] = id;
    read += 1;
  }
  symbols.length = write;
}
