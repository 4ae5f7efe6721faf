// A short load; `npm run load -w apps/playground` runs the long one.
import { expect, test } from 'vitest';
import { startServer } from '../support/startServer.ts';
import { runLoad } from './load.ts';

test('fifty visitors and a burst beyond the queue’s bound leave nothing behind', async () => {
  const server = await startServer();
  try {
    const { failures } = await runLoad(server, { clients: 50, seconds: 8, warmSeconds: 4, seed: 1 });
    expect(failures).toEqual([]);
  } finally {
    await server.stop();
  }
});
