// `d2l bench`: measures workloads, each in its own process, also side by side with their PyTorch twins.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type BackendName, ConfigError, adviseName, backendNames } from '@d2lts/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Rivals, compare } from './compare.ts';
import { measureInChild } from './child.ts';
import type { BenchRecord } from './record.ts';
import { machineLine, markdownTable } from './table.ts';
import { type PeerMode, peerModes } from './peer.ts';
import { type TfjsEngine, tfjsEngines } from './tfjs.ts';
import { workloads } from './workloads/index.ts';

interface BenchOptions {
  backend: BackendName | 'auto';
  threads?: number[];
  seconds: number;
  rounds: number;
  peerPython?: string;
  peers: string;
  peerModes: PeerMode[];
  tfjs?: string;
  tfjsEngines: TfjsEngine[];
  json?: boolean;
  list?: boolean;
  write?: string;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

function threadList(text: string): number[] {
  const counts = text.split(',').map(Number);
  if (!counts.every((count) => Number.isInteger(count) && count >= 1 && count <= 1024))
    throw new InvalidArgumentError('It must be thread counts such as 2 or 1,2.');
  return counts;
}

/** Reads a list of some of `all`, separated by commas. */
const listOf =
  <Name extends string>(all: readonly Name[]) =>
  (text: string): Name[] => {
    const chosen = text.split(',').map((name) => all.find((known) => known === name));
    if (!chosen.every((name) => name !== undefined))
      throw new InvalidArgumentError(`It must be of ${all.join(',')}.`);
    return chosen;
  };

/** The workloads that the names stand for: whole names or their beginnings; all where there are none. */
export function selectWorkloads(names: readonly string[]): string[] {
  const all = Object.keys(workloads);
  const chosen = names.flatMap((name) => {
    const found = all.filter((candidate) => candidate === name || candidate.startsWith(`${name}_`));
    if (found.length === 0)
      throw new ConfigError({
        operation: 'd2l bench',
        fact: 'there is no such workload',
        value: name,
        advice: adviseName(name, all),
        argument: 'NAMES',
      });
    return found;
  });
  return names.length === 0 ? all : [...new Set(chosen)];
}

/** The `bench` verb of the `d2l` command. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure training steps and single operations, alone or side by side with others.')
    .argument('[names...]', 'workloads, or beginnings of their names such as W2 or M_matmul (default: all)')
    .addOption(new Option('--backend <name>', 'backend').choices(['auto', ...backendNames]).default('auto'))
    .option('--threads <counts>', 'threads, or several counts such as 1,2 (default: all cores)', threadList)
    .option('--seconds <s>', 'seconds of timed steps a measurement', positive, 2.5)
    .option('--rounds <n>', 'alternations with the twins', positive, 3)
    .option('--peer-python <path>', 'also run the PyTorch twins with this Python, and print ratios')
    .option('--peers <dir>', 'folder of the PyTorch twins', 'bench/pytorch')
    .option('--peer-modes <names>', 'modes of PyTorch, of which the best counts', listOf(peerModes), [
      ...peerModes,
    ])
    .option('--tfjs <dir>', "also run the twins in TensorFlow.js' own engines, installed in this folder")
    .option('--tfjs-engines <names>', "which of TensorFlow.js' engines", listOf(tfjsEngines), [
      ...tfjsEngines,
    ])
    .option('--write <file>', 'put the table between the bench markers of this Markdown file')
    .option('--list', 'list the workloads')
    .option('--json', 'print one JSON object a line')
    .action(bench);
}

async function bench(names: string[], options: BenchOptions): Promise<void> {
  const chosen = selectWorkloads(names);
  if (options.list) return print(chosen.join('\n'));
  const { backend, seconds, rounds } = options;
  const rivals = rivalsOf(options);
  const records: BenchRecord[] = [];
  for (const name of chosen)
    for (const threads of options.threads ?? [undefined]) {
      const record =
        rivals === undefined
          ? await measureInChild({ name, backend, threads, seconds })
          : await compare(name, rivals, {
              backend,
              threads: threads ?? availableParallelism(),
              seconds,
              rounds,
            });
      records.push(record);
      if (options.json) print(JSON.stringify(record));
      else
        process.stderr.write(
          `${name} ${record.backend} ${record.threads}: ${record.median_ms.toFixed(2)} ms\n`,
        );
    }
  const text = `${machineLine()}\n\n${markdownTable(records)}`;
  if (!options.json) print(text);
  if (options.write !== undefined) writeBetweenMarkers(options.write, text);
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

function rivalsOf({
  peerPython,
  peers,
  peerModes: modes,
  tfjs,
  tfjsEngines: engines,
}: BenchOptions): Rivals | undefined {
  if (peerPython === undefined && tfjs === undefined) return undefined;
  return {
    pytorch: peerPython === undefined ? undefined : { python: peerPython, folder: peers, modes },
    tfjs: tfjs === undefined ? undefined : { folder: tfjs, engines },
  };
}

const [begin, end] = ['<!-- bench -->', '<!-- /bench -->'];

/** Replaces what stands between the bench markers of a Markdown file. */
export function writeBetweenMarkers(file: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new ConfigError({
      operation: 'd2l bench',
      fact: `the file must have the lines ${begin} and ${end}`,
      value: file,
      argument: '--write',
    });
  writeFileSync(file, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}
