// `d2l results`: the outcomes of finished runs as Markdown tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { ConfigError } from '@d2lts/core';
import { Command } from 'commander';
import { type RunResult, readRunResult } from '../results/readResult.ts';
import { mergeTables } from '../results/mergeTables.ts';
import { resultTables } from '../results/table.ts';

interface ResultsFlags {
  write?: string;
  json?: boolean;
}

/** The `results` verb. */
export function resultsCommand(): Command {
  return new Command('results')
    .description('Show what finished runs of d2l train came to: scores with seed, wall time and backend.')
    .argument('<runs...>', 'run folders')
    .option(
      '--write <file>',
      'add the rows to the tables between the results markers of this Markdown file, in place of older rows of the same runs',
    )
    .option('--json', 'one object a line')
    .addHelpText('after', '\nExample:\n  $ d2l results runs/book/* --write recipes/README.md')
    .action(results);
}

async function results(runs: string[], { write, json }: ResultsFlags): Promise<void> {
  const read: RunResult[] = [];
  for (const run of runs) read.push(await readRunResult(run));
  const text = json ? read.map((result) => JSON.stringify(result)).join('\n') : resultTables(read);
  process.stdout.write(`${text}\n`);
  if (write !== undefined) writeBetween(write, resultTables(read));
}

const [begin, end] = ['<!-- results -->', '<!-- /results -->'];

/** Puts rows between the markers; rows of other runs stay. */
function writeBetween(file: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new ConfigError({
      operation: 'd2l results',
      fact: `the file must have the lines ${begin} and ${end}`,
      value: file,
      argument: '--write',
    });
  }
  const old = page.slice(from + begin.length, to);
  writeFileSync(
    file,
    `${page.slice(0, from + begin.length)}\n\n${mergeTables(old, text)}\n\n${page.slice(to)}`,
  );
}
