// Trains tiny translators, starts the built server on them, and stops it in the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { root, shippedModels, startServer } from '../../server/support/startServer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    origin: string;
  }
}

async function runNode(args: string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error(`browser tests: ${args.at(-2)} ended with code ${code}; run it alone to see why`);
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const models = await mkdtemp(join(tmpdir(), 'd2lts-browser-'));
  const script = join(root, 'tests/browser/support/trainTinyModels.ts');
  await runNode(['--import', 'tsx', '--conditions=@d2lts/source', script, models]);
  const server = await startServer({
    D2LTS_MODELS: [models, shippedModels].join(delimiter),
    D2LTS_RUNS: join(models, 'runs'),
  });
  project.provide('origin', server.origin);
  return async () => {
    await server.stop();
    await rm(models, { recursive: true });
  };
}
