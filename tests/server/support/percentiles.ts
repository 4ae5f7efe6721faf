// Medians and tails of measured times.

/** Milliseconds in the middle, of the slowest twentieth, and the slowest. */
export interface Times {
  count: number;
  p50: number;
  p95: number;
  max: number;
}

/** The percentiles of some times; zeros where there are none. */
export function summarize(times: readonly number[]): Times {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

/** One line of a report. */
export const formatTimes = (name: string, { count, p50, p95, max }: Times): string =>
  `${name.padEnd(24)} p50 ${p50.toFixed(0).padStart(6)} ms   p95 ${p95.toFixed(0).padStart(6)} ms   max ${max.toFixed(0).padStart(6)} ms   (${count})`;
