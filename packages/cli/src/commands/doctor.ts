// `d2l doctor`: what runs here, how fast, and why the rest does not.
import { availableParallelism, cpus, totalmem } from 'node:os';
import { type BackendDiagnosis, diagnose, useBackend } from '@d2lts/core';
import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { wholeNumber } from './arguments.ts';

/** The `doctor` verb. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Show which backends load here, with versions, threads and a small speed check.')
    .option('--threads <n>', 'threads for the check (default: D2LTS_THREADS, else all cores)', wholeNumber)
    .option('--json', 'one JSON object')
    .action(doctor);
}

async function doctor(flags: { threads?: number; json?: boolean }): Promise<void> {
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const { reason, name } = await useBackend('auto', threads);
  const backends = await diagnose(threads);
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    data: process.env.D2LTS_DATA ?? null,
  };
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ d2l: manifest.version, machine, chosen: name, reason, backends })}\n`,
    );
    return;
  }
  const lines = [
    `d2l ${manifest.version}, Node ${machine.node}, ${machine.platform}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB`,
    `data: ${machine.data ?? 'D2LTS_DATA is not set: data sets are downloaded, or the embedded one serves'}`,
    `backend: ${reason}`,
    '',
    ...backends.map(describe),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function describe({ name, available, version, threads, detail, gflops, reason }: BackendDiagnosis): string {
  if (!available) return `  - ${name}: ${reason}`;
  const speed = gflops === undefined ? '' : `, ${gflops.toFixed(1)} GFLOP/s in a 256 × 256 product`;
  return `  + ${name} ${version} (${detail}), ${threads} ${threads === 1 ? 'thread' : 'threads'}${speed}`;
}
