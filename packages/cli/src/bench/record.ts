// One workload measured in this process, and the record that is printed for it.
import { ConfigError, Rng, type BackendName, useBackend, adviseName } from '@d2lts/core';
import { type Budget, type Measurement, measure, peakRssMb } from './measure.ts';
import { workloads } from './workloads/index.ts';

/** What `d2l bench --json` prints for a workload. */
export interface BenchRecord {
  workload: string;
  backend: string;
  threads: number;
  median_ms: number;
  p10: number;
  p90: number;
  tokens_per_s: number | null;
  peak_rss_mb: number;
  /** Floating-point operations a second in 10⁹, where they are known. */
  gflops: number | null;
  /** From the start of the process to the end of the first step, in milliseconds. */
  first_step_ms: number;
}

/** What `measureInChild` has run in its child: a `Measurement` as JSON in, its record out. */
export function measureFor(json: string): Promise<BenchRecord> {
  const { name, backend, ...options } = JSON.parse(json) as Measurement;
  return measureHere(name, { backend: backend as BackendName, ...options });
}

/** Builds the workload, runs and measures it on the given backend. */
export async function measureHere(
  name: string,
  options: Budget & { backend: BackendName | 'auto'; threads?: number | undefined },
): Promise<BenchRecord> {
  const workload = workloads[name];
  if (workload === undefined)
    throw new ConfigError({
      operation: 'd2l bench',
      fact: 'there is no such workload',
      value: name,
      advice: adviseName(name, Object.keys(workloads)),
      argument: 'NAMES',
    });
  const { name: backend, threads } = await useBackend(options.backend, { threads: options.threads });
  const prepared = workload(new Rng(0));
  await prepared.step(0);
  const firstStep = performance.now(); // counted from the start of the process
  const { median_ms, p10, p90 } = await measure(prepared, options);
  const perSecond = 1000 / median_ms;
  return {
    workload: name,
    backend,
    threads,
    median_ms,
    p10,
    p90,
    tokens_per_s: prepared.tokens === undefined ? null : prepared.tokens * perSecond,
    peak_rss_mb: peakRssMb(),
    gflops: prepared.flops === undefined ? null : (prepared.flops * perSecond) / 1e9,
    first_step_ms: firstStep,
  };
}
