// Markdown tables of benchmark results, with the machine they were measured on.
import { cpus, totalmem } from 'node:os';
import type { Comparison } from './compare.ts';
import type { BenchRecord } from './record.ts';
import { tfjsEngines } from './tfjs.ts';

type Row = BenchRecord & Partial<Comparison>;

const number = (value: number | null | undefined, digits = 1) =>
  value == null ? '–' : value.toFixed(digits);
const times = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(2)}×`);

/** One line about the machine and the day. */
export function machineLine(date = new Date()): string {
  const list = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${list.length} × ${list[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Node ${process.version}, ${date.toISOString().slice(0, 10)}`;
}

/** The best matmul rate among the rows of one backend and thread count, in GFLOP/s. */
function peakOf(rows: readonly Row[], { backend, threads }: Row): number | undefined {
  const rates = rows
    .filter(
      (row) => row.backend === backend && row.threads === threads && row.workload.startsWith('M_matmul'),
    )
    .map((row) => row.gflops ?? 0);
  return rates.length === 0 ? undefined : Math.max(...rates);
}

/** A table of records; with the figures and ratios of PyTorch and TensorFlow.js where rows have them. */
export function markdownTable(rows: readonly Row[]): string {
  const compared = rows.some((row) => row.speed_ratio !== undefined);
  const head = [
    'workload',
    'backend',
    'threads',
    'median ms',
    'p10',
    'p90',
    'first step s',
    'tokens/s',
    'peak MB',
    'GFLOP/s',
    '% of matmul peak',
  ];
  if (compared) head.push('PyTorch ms (mode)', 'PyTorch MB', 'speed vs PyTorch', 'memory vs PyTorch');
  const engines = tfjsEngines.filter((engine) => rows.some((row) => row.tfjs?.[engine] !== undefined));
  for (const engine of engines) head.push(`tfjs-${engine} ms`, `speed vs tfjs-${engine}`);
  const lines = rows.map((row) => {
    const peak = peakOf(rows, row);
    const cells = [
      row.workload,
      row.backend,
      String(row.threads),
      number(row.median_ms, 2),
      number(row.p10, 2),
      number(row.p90, 2),
      number(row.first_step_ms / 1000, 2),
      number(row.tokens_per_s, 0),
      number(row.peak_rss_mb, 0),
      number(row.gflops),
      row.gflops == null || peak === undefined ? '–' : `${((100 * row.gflops) / peak).toFixed(0)}%`,
    ];
    if (compared)
      cells.push(
        row.peer_median_ms === undefined ? '–' : `${row.peer_median_ms.toFixed(2)} (${row.peer_mode})`,
        number(row.peer_peak_rss_mb, 0),
        times(row.speed_ratio),
        times(row.memory_share),
      );
    for (const engine of engines)
      cells.push(number(row.tfjs?.[engine]?.median_ms, 2), times(row.tfjs?.[engine]?.speed_ratio));
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, i) => (i < 2 ? '---' : '---:')).join(' | ')} |`,
    ...lines,
  ].join('\n');
}
