// Runs a workload in a process of its own, so that memory, caches and threads start clean.
import { spawn } from 'node:child_process';
import type { BenchRecord } from './record.ts';

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

/** Measures one workload through `d2l bench NAME --in-process --json` in a child. */
export async function measureInChild(
  name: string,
  { backend, threads, seconds }: { backend: string; threads: number | undefined; seconds: number },
): Promise<BenchRecord> {
  const args = ['bench', name, '--in-process', '--json', '--backend', backend, '--seconds', String(seconds)];
  if (threads !== undefined) args.push('--threads', String(threads));
  const text = await output(process.execPath, [...process.execArgv, process.argv[1]!, ...args]);
  return JSON.parse(text) as BenchRecord;
}
