// Byte pair encoding step by step, as the book teaches it; `trainBpe` of rnn is the one for real text.

/** A word as its symbols, and how often it occurs. */
export interface SymbolWord {
  symbols: string[];
  count: number;
}

/**
 * The most frequent pair of neighbouring symbols; the first seen among equals. Undefined when no word has two symbols.
 *
 * Source: the book's `get_max_freq_pair` (15.6); R. Sennrich et al. (https://arxiv.org/abs/1508.07909).
 */
export function mostFrequentPair(words: readonly SymbolWord[]): [string, string] | undefined {
  const counts = new Map<string, { pair: [string, string]; count: number }>();
  for (const { symbols, count } of words)
    for (let i = 0; i + 1 < symbols.length; i++) {
      const pair: [string, string] = [symbols[i]!, symbols[i + 1]!];
      const key = JSON.stringify(pair);
      const seen = counts.get(key);
      if (seen === undefined) counts.set(key, { pair, count });
      else seen.count += count;
    }
  let best: { pair: [string, string]; count: number } | undefined;
  for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
  return best?.pair;
}

/** The words with every occurrence of the pair made one symbol, from left to right (the book's `merge_symbols`). */
export function mergePair(
  words: readonly SymbolWord[],
  [left, right]: readonly [string, string],
): SymbolWord[] {
  return words.map(({ symbols, count }) => {
    const merged: string[] = [];
    for (let i = 0; i < symbols.length; i++) {
      const joins = symbols[i] === left && symbols[i + 1] === right;
      merged.push(joins ? left + right : symbols[i]!);
      if (joins) i++;
    }
    return { symbols: merged, count };
  });
}

/**
 * A word cut into the longest known symbols from the left; what is left over is `[UNK]` (the book's `segment_BPE`).
 *
 * @example
 * segmentWord('tallest_', new Set(['tall', 'e', 's', 't', '_'])); // ['tall', 'e', 's', 't', '_']
 */
export function segmentWord(word: string, symbols: ReadonlySet<string>): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < word.length) {
    let end = word.length;
    while (end > start && !symbols.has(word.slice(start, end))) end--;
    if (end === start) return [...pieces, '[UNK]'];
    pieces.push(word.slice(start, end));
    start = end;
  }
  return pieces;
}
