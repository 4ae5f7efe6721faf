// `npm run load -w apps/playground -- --clients 50 --seconds 120 [--training]`: loads the built server, prints what it measured.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTimes } from '../support/percentiles.ts';
import { startServer } from '../support/startServer.ts';
import { runLoad } from './load.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '120' },
    warm: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    training: { type: 'boolean', default: false },
  },
});

const runs = await mkdtemp(join(tmpdir(), 'd2lts-load-'));
const server = await startServer({ D2LTS_RUNS: runs });
try {
  const report = await runLoad(server, {
    clients: Number(values.clients),
    seconds: Number(values.seconds),
    warmSeconds: Number(values.warm),
    seed: Number(values.seed),
    training: values.training,
  });
  const { tally, crowded, firstToken, total, page, health, before, after, trained, failures } = report;
  console.log(`${values.clients} clients for ${values.seconds} s, ${availableParallelism()} cores`);
  const refusals = ({ refused }: typeof tally) =>
    Object.entries(refused)
      .map(([status, count]) => `${count} with ${status}`)
      .join(', ') || 'none';
  const rate = (tally.done / Number(values.seconds)).toFixed(1);
  console.log(
    `visitors: ${tally.done} answered (${rate} a second), ${tally.stopped} stopped, refused: ${refusals(tally)}`,
  );
  console.log(
    `answers: ${Object.entries(tally.kinds)
      .map(([kind, count]) => `${count} of ${kind}`)
      .join(', ')}`,
  );
  console.log(`a burst beyond the bound: ${crowded.done} answered, refused: ${refusals(crowded)}`);
  console.log(formatTimes('first token', firstToken));
  console.log(formatTimes('whole answer', total));
  console.log(formatTimes('GET /', page));
  console.log(formatTimes('GET /api/health', health));
  if (trained !== undefined) console.log(`${trained} steps of a training run beside it`);
  for (const key of Object.keys(before) as (keyof typeof before)[])
    console.log(
      `${key.padEnd(24)} ${String(before[key]).padStart(12)} before ${String(after[key]).padStart(12)} after`,
    );
  for (const failure of failures) console.error(`failed: ${failure}`);
  console.log(failures.length === 0 ? 'All as it must be.' : `${failures.length} failure(s)`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await server.stop();
  await rm(runs, { recursive: true, force: true });
}
