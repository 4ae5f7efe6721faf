// Trains two tiny translators, starts the built server on them, and stops it in the end.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../../..', import.meta.url));

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

/** Starts the server on a free port; resolves with its address, once it is printed. */
async function startServer(models: string): Promise<{ child: ChildProcess; origin: string }> {
  const server = join(root, 'apps/playground/dist/serve.js');
  const child = spawn(process.execPath, [server, '--port', '0'], {
    cwd: root,
    env: { ...process.env, D2LTS_MODELS: models, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      output += String(data);
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address) resolve(address);
    });
    child.once('exit', (code) =>
      reject(new Error(`browser tests: the server ended with code ${code}:\n${output}`)),
    );
  });
  return { child, origin };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const models = await mkdtemp(join(tmpdir(), 'd2lts-browser-'));
  const script = join(root, 'tests/browser/support/trainTinyModels.ts');
  await runNode(['--import', 'tsx', '--conditions=@d2lts/source', script, models]);
  const { child, origin } = await startServer([models, join(root, 'models')].join(delimiter));
  project.provide('origin', origin);
  return async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    await rm(models, { recursive: true });
  };
}
