// What the command prints: scores of one system, tables of many, the explanation of a paired test.

import type { PairedResult } from '../significance/paired-test.ts';
import { dumps, PyFloat, type PyJson } from '../text/json.ts';
import { formatFixed } from '../text/numbers.ts';
import type { Paint } from './colors.ts';
import type { CliOptions } from './flags.ts';
import { fancyGrid, latexTable, type Column } from './table.ts';

/** Results of many systems: names, and per metric a text or a test result each. */
export interface ResultTable {
  systems: string[];
  metrics: Map<string, (string | PairedResult)[]>;
  signatures: Map<string, string>;
}

/** One system's scores, aligned at the equals sign. */
export function singleReport(results: string[], format: string, paint: Paint): string {
  if (format === 'json') return results.length > 1 ? `[\n${results.join(',\n')}\n]` : results[0]!;
  const painted = results.map((line) =>
    line.replace(/\(μ = [0-9.]+ ± [0-9.]+\)/, (interval) => paint(interval, 'cyan')),
  );
  if (painted.length === 1) return painted[0]!;
  // Lines without an equals sign (-b) come first, as they are.
  const bare = painted.filter((line) => !line.includes('='));
  const signed = painted.filter((line) => line.includes('='));
  const labels = signed.map((line) => line.indexOf('=') - 1);
  const widest = Math.max(...labels);
  // Like Python's zip, the aligned lines are the first of all lines, should some be bare.
  const aligned = labels.map((length, i) => ' '.repeat(Math.max(0, widest - length)) + painted[i]!);
  return [...bare, ...aligned].join('\n');
}

/** The table of many systems with the metrics' signatures. */
export function tableReport(table: ResultTable, options: CliOptions, paint: Paint): string {
  if (options.format === 'json') return jsonTable(table);
  const latex = options.format === 'latex';
  const paired = options.pairedAr || options.pairedBs;
  const columns = tableColumns(table, options.width, latex ? ' ' : '\n', paint);
  const parts = [latex ? latexTable(columns) : fancyGrid(columns), ''];
  if (paired) parts.push(...testExplanation(options, table.systems[0]!, paint));
  parts.push('-----------------', 'Metric signatures', '-----------------');
  for (const [name, signature] of table.signatures) parts.push(` - ${name.padEnd(10)} ${signature}`);
  return parts.join('\n');
}

function tableColumns(table: ResultTable, width: number, lineBreak: string, paint: Paint): Column[] {
  const first = [...table.systems];
  const hasBaseline = first[0]!.startsWith('Baseline:');
  if (hasBaseline) first[0] = paint(first[0]!, 'yellow');
  const columns: Column[] = [{ header: paint('System', 'cyan'), cells: first }];
  let intervals = false;
  for (const [metric, results] of table.metrics) {
    const cells = results.map((result) => {
      if (typeof result === 'string') return result;
      let text = formatFixed(result.score, width);
      if (result.mean !== undefined && result.ci !== undefined) {
        intervals = true;
        text += ` (${formatFixed(result.mean, width)} ± ${formatFixed(result.ci, width)})`;
      }
      if (result.pValue === undefined) return text;
      const p = `(p = ${formatFixed(result.pValue, 4)})`;
      return text + lineBreak + (result.pValue > 0.05 ? paint(p, 'red') : `${p}*`);
    });
    if (hasBaseline) cells[0] = paint(cells[0]!, 'yellow');
    columns.push({ header: paint(intervals ? `${metric} (μ ± 95% CI)` : metric, 'cyan'), cells });
  }
  return columns;
}

function jsonTable({ systems, metrics }: ResultTable): string {
  const number = (value: number | undefined): PyJson => (value === undefined ? null : new PyFloat(value));
  const rows = systems.map((system, i) => {
    const row: Record<string, PyJson> = { system };
    for (const [metric, results] of metrics) {
      const result = results[i]!;
      row[metric] =
        typeof result === 'string'
          ? result
          : {
              score: number(result.score),
              p_value: number(result.pValue),
              mean: number(result.mean),
              ci: number(result.ci),
            };
    }
    return row;
  });
  return dumps(rows, 4, true);
}

function testExplanation(options: CliOptions, baseline: string, paint: Paint): string[] {
  const bootstrap = options.pairedBs;
  const title = bootstrap
    ? `Paired bootstrap resampling test with ${options.pairedBsN} resampling trials`
    : `Paired approximate randomization test with ${options.pairedArN} trials`;
  const rule = '-'.repeat(title.length);
  const base = paint('baseline', 'yellow');
  const hypothesis = paint('Null hypothesis', 'green');
  const lower = hypothesis.toLowerCase();
  const name = baseline.startsWith('Baseline:') ? baseline : '';
  return [
    `${rule}\n${title}\n${rule}`,
    ` - Each system is pairwise compared to ${paint(name, 'yellow')}.`,
    bootstrap
      ? '   Actual system score / bootstrap estimated true mean / 95% CI are provided for each metric.'
      : '   Actual system score is provided for each metric.',
    '',
    ` - ${hypothesis}: the system and the ${base} translations are essentially`,
    `   generated by the same underlying process. For a given system and the ${base},`,
    '   the p-value is roughly the probability of the absolute score difference (delta)',
    `   or higher occurring due to chance, under the assumption that the ${lower} is correct.`,
    '',
    ` - Assuming a significance threshold of 0.05, the ${lower} can be rejected`,
    '   for p-values < 0.05 (marked with "*"). This means that the delta is unlikely to be attributed',
    `   to chance, hence the system is significantly "different" than the ${base}.`,
    `   Otherwise, the p-values are ${paint('highlighted in red', 'red')}.`,
    '',
    ` - NOTE: Significance does not tell whether a system is "better" than the ${base} but rather`,
    '   emphasizes the "difference" of the systems in terms of the replicability of the delta.',
    '',
  ];
}
