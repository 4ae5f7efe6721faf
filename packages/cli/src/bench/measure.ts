// Timing of one workload in this process, by the same rules as the PyTorch twins: warm up, then time many steps.
import { resourceUsage } from 'node:process';
import type { Prepared } from './workload.ts';

/** Times of one step in milliseconds. */
export interface Timing {
  median_ms: number;
  p10: number;
  p90: number;
  samples: number;
}

/** How long to measure. */
export interface Budget {
  /** Seconds of timed steps; default 2.5. */
  seconds?: number;
  /** Seconds of warm-up before; default 0.5. */
  warmUp?: number;
}

/** What to measure, on what, for how long. */
export interface Measurement extends Budget {
  name: string;
  backend: string;
  threads?: number | undefined;
}

const quantile = (sorted: number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;

/** Runs steps for the budget and returns their quantiles. */
export async function measure(
  { step, inner = 1 }: Prepared,
  { seconds = 2.5, warmUp = 0.5 }: Budget = {},
): Promise<Timing> {
  let i = 0;
  const warmEnd = performance.now() + warmUp * 1000;
  while (i < 3 || performance.now() < warmEnd) await step(i++);
  const times: number[] = [];
  const start = performance.now();
  while (times.length < 8 || (performance.now() - start < seconds * 1000 && times.length < 2000)) {
    const begin = performance.now();
    for (let k = 0; k < inner; k++) {
      const done = step(i++);
      if (done !== undefined) await done; // a step that is done already is not made to wait a turn
    }
    times.push((performance.now() - begin) / inner);
  }
  times.sort((a, b) => a - b);
  return {
    median_ms: quantile(times, 0.5),
    p10: quantile(times, 0.1),
    p90: quantile(times, 0.9),
    samples: times.length,
  };
}

/** The largest memory this process has had, in MiB. */
export function peakRssMb(): number {
  return resourceUsage().maxRSS / 1024; // kilobytes on Linux and macOS
}
