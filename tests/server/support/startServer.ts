// Starts the built playground on a free port, and stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder of the models that ship. */
export const shippedModels = join(root, 'models');

/** A server in a process of its own. */
export interface RunningServer {
  origin: string;
  pid: number;
  stop(): Promise<void>;
}

const serve = [process.execPath, 'apps/playground/dist/serve.js'];

/** Starts the built server, or what another command starts; resolves once an address is printed. */
export async function startServer(
  env: Record<string, string> = {},
  command: readonly string[] = serve,
): Promise<RunningServer> {
  const group = command !== serve; // `npm start` has children, which end with it as a group
  const child = spawn(command[0]!, [...command.slice(1), '--port', '0'], {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: group,
  });
  const gone = once(child, 'exit');
  let output = '';
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      output += String(data);
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(
        new Error(`playground: the server ended with code ${code}; build it first. It said:\n${output}`),
      ),
    );
  });
  return {
    origin,
    pid: child.pid!,
    stop: async () => {
      process.kill(group ? -child.pid! : child.pid!, 'SIGTERM');
      await gone;
    },
  };
}
