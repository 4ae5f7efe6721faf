// A server with the echo engine and a fake training process behind it, for the tests of a file.
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { EngineHost, type HostOptions } from '../src/engine/host.ts';
import { createApp } from '../src/server/app.ts';
import { RunStore } from '../src/training/runStore.ts';
import { TrainHost } from '../src/training/trainHost.ts';
import { createEchoEngine } from './echoEngine.ts';
import { FakeTrainer } from './fakeTrainer.ts';
import { threadOf } from './threads.ts';

/** What is known once the tests run. */
export interface TrainingServer {
  engine: EngineHost;
  origin: string;
  /** The training process that was started last. */
  trainer: FakeTrainer;
}

/** Starts the server before the tests of a file and stops it after them. */
export function useTrainingServer(options: HostOptions = {}): TrainingServer {
  const engine = new EngineHost(() => threadOf(createEchoEngine(1)), options);
  const running = { engine } as TrainingServer;
  let root: string;
  let server: ReturnType<typeof createApp>;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'd2lts-runs-'));
    const start = (folder: string) => (running.trainer = new FakeTrainer(folder));
    const training = Promise.resolve(new TrainHost(new RunStore(root), start));
    server = createApp(engine, undefined, { training });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await engine.close();
    await rm(root, { recursive: true });
  });
  return running;
}
