// The twin of a workload on TensorFlow.js' own engines: runs bench/tfjs/bench.mjs and reads its record.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@d2lts/core';
import { output } from './child.ts';

/** TensorFlow.js' engines that train in Node: its WebAssembly backend (one thread there), and tfjs-node. */
export const tfjsEngines = ['wasm', 'node'] as const;

/** One of TensorFlow.js' engines. */
export type TfjsEngine = (typeof tfjsEngines)[number];

/** What the twin says. */
export interface TfjsRecord {
  median_ms: number;
  peak_rss_mb: number;
}

/**
 * Measures the twin in `folder`; undefined where the workload has none.
 *
 * @throws ConfigError when the folder has no bench.mjs, or the engine does not load
 */
export async function measureTfjs(
  name: string,
  engine: TfjsEngine,
  folder: string,
  { threads, seconds }: { threads: number; seconds: number },
): Promise<TfjsRecord | undefined> {
  const script = join(folder, 'bench.mjs');
  if (!existsSync(script))
    throw refuse('the folder of the TensorFlow.js twins must hold bench.mjs', folder, 'pass it with --tfjs');
  const args = [script, name, '--engine', engine, '--threads', String(threads), '--budget', String(seconds)];
  const text = await output(process.execPath, args);
  // The libraries may greet on standard output; the record is the last line.
  const record = JSON.parse(text.trim().split('\n').at(-1)!) as TfjsRecord & { error?: string };
  if (record.error === undefined) return record;
  if (record.error.startsWith('n/a')) return undefined;
  throw refuse(
    `TensorFlow.js' engine must be installed in the folder (${record.error})`,
    engine,
    'bench.mjs says how; leave the engine out of --tfjs-engines',
  );
}

const refuse = (fact: string, value: string, advice: string) =>
  new ConfigError({ operation: 'd2l bench', fact, value, advice, argument: '--tfjs' });
