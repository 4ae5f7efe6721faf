// Runs a workload in a process of its own, so that memory, caches and threads start clean.
import { spawn } from 'node:child_process';
import type { Measurement } from './measure.ts';
import type { BenchRecord } from './record.ts';

/** The command's first argument in a process that takes one measurement; the second is a `Measurement` as JSON. */
export const measurementVerb = '--measure';

/** Starts `program` and returns its standard output; rejects with its standard error when it fails. */
export function output(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(out).toString());
      else
        reject(
          new Error(
            `${program} ended with status ${status}: ${Buffer.concat(err).toString().trim().slice(-2000)}`,
          ),
        );
    });
  });
}

/** Measures one workload in a process that loads nothing else. */
export async function measureInChild(measurement: Measurement): Promise<BenchRecord> {
  const args = [process.argv[1]!, measurementVerb, JSON.stringify(measurement)];
  return JSON.parse(await output(process.execPath, [...process.execArgv, ...args])) as BenchRecord;
}
