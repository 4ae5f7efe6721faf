// Frequencies by rank, for Zipf's law.

/** One n-gram with its frequency and rank (from 1). */
export interface RankedFrequency<T> {
  rank: number;
  item: T;
  count: number;
}

/**
 * Ranks items by frequency, most frequent first; ties keep the order of first appearance.
 *
 * Source: the book's section on language models, "Natural language statistics".
 */
export function rankFrequencies<T>(items: Iterable<T>): RankedFrequency<T>[] {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([item, count], index) => ({ rank: index + 1, item, count }));
}

/** The n-grams of a token sequence, joined by a space. */
export function* ngramsOf(tokens: readonly string[], n: number): Generator<string> {
  for (let i = 0; i + n <= tokens.length; i++) yield tokens.slice(i, i + n).join(' ');
}

/**
 * The exponent α and constant c of Zipf's law, log n_i = −α·log i + c, by least squares over log-log ranks.
 *
 * @param ranked frequencies by rank; at least two ranks are needed for a slope (otherwise α is 0)
 */
export function fitZipf(ranked: readonly RankedFrequency<unknown>[]): { alpha: number; constant: number } {
  const x = ranked.map((r) => Math.log(r.rank));
  const y = ranked.map((r) => Math.log(r.count));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
  const [mx, my] = [mean(x), mean(y)];
  const variance = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const slope = variance === 0 ? 0 : x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0) / variance;
  return { alpha: slope === 0 ? 0 : -slope, constant: my - slope * mx };
}

/**
 * Frequencies by rank of unigrams, bigrams, … as lines for core's `plotCurves`, with log scales.
 *
 * @example
 * const svg = await plotCurves(zipfLines(words), { xScale: 'log', yScale: 'log', xLabel: 'rank' });
 */
export function zipfLines(
  tokens: readonly string[],
  orders: readonly number[] = [1, 2, 3],
): { name: string; x: number[]; y: number[] }[] {
  return orders.map((n) => {
    const ranked = rankFrequencies(ngramsOf(tokens, n));
    return { name: `${n}-gram`, x: ranked.map(({ rank }) => rank), y: ranked.map(({ count }) => count) };
  });
}
