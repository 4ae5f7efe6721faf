// The PyTorch twin of a workload: runs the peers' own script in the given Python and reads its record.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@d2lts/core';
import { output } from './child.ts';

/** Where Python and the twins are. */
export interface PeerOptions {
  python: string;
  /** The folder that holds bench.py. */
  folder: string;
  modes: readonly PeerMode[];
}

/** What a twin's run says. */
export interface PeerRecord {
  mode: string;
  median_ms: number;
  peak_rss_mb: number;
}

interface PeerLine {
  error?: string;
  mode: string;
  reps: { median_ms: number }[];
  peak_rss_mb: number;
}

/** PyTorch's modes that are worth a comparison; compiling helps none of these workloads. */
export const peerModes = ['eager', 'tuned'] as const;
export type PeerMode = (typeof peerModes)[number];

/** Measures a twin in one mode; undefined where the twin does not have that mode. */
export async function measurePeer(
  name: string,
  mode: PeerMode,
  { python, folder }: Omit<PeerOptions, 'modes'>,
  { threads, seconds }: { threads: number; seconds: number },
): Promise<PeerRecord | undefined> {
  const script = join(folder, 'bench.py');
  if (!existsSync(script))
    throw new ConfigError({
      operation: 'd2l bench',
      fact: 'the folder of the PyTorch twins must hold bench.py',
      value: folder,
      advice: 'pass it with --peers',
      argument: '--peers',
    });
  const args = [script, name, '--threads', String(threads), '--mode', mode, '--budget', String(seconds)];
  const line = (await output(python, args)).split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`${script} printed no record for ${name}`);
  const record = JSON.parse(line) as PeerLine;
  if (record.error !== undefined) {
    if (record.error.includes('n/a')) return undefined;
    throw new Error(`${name} (${mode}): ${record.error}`);
  }
  return { mode, median_ms: record.reps[0]!.median_ms, peak_rss_mb: record.peak_rss_mb };
}
