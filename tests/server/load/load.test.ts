// A short load; `npm run load -w apps/playground` runs the long one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../support/startServer.ts';
import { runLoad } from './load.ts';

test('fifty visitors, watchers of a training run and a burst beyond the queue’s bound leave nothing behind', async () => {
  const runs = await mkdtemp(join(tmpdir(), 'd2lts-load-'));
  const server = await startServer({ D2LTS_RUNS: runs });
  try {
    const options = { clients: 50, seconds: 8, warmSeconds: 4, seed: 1, training: true };
    const { failures, tally } = await runLoad(server, options);
    expect(failures).toEqual([]);
    expect(Object.keys(tally.kinds).sort()).toEqual(['attention', 'generate', 'score', 'translate']);
  } finally {
    await server.stop();
    await rm(runs, { recursive: true, force: true });
  }
});
