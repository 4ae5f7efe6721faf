// The start command's arguments: --port, --host, --dev; PORT and D2LTS_HOST as environment variables.
import { parseArgs } from 'node:util';

/** Where to listen. */
export interface ServeOptions {
  port: number;
  host: string;
  dev: boolean;
}

/** Whether an address to listen on can be reached from this machine only. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|::1)$/i.test(host);

/**
 * Reads the arguments; throws a sentence for the user. HOST is not read: shells and conda set it to the machine's name,
 * which must not open the server to the network.
 */
export function parseServeOptions(
  args: string[],
  env: Record<string, string | undefined> = process.env,
): ServeOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', short: 'p', default: env['PORT'] ?? '3000' },
      host: { type: 'string', short: 'H', default: env['D2LTS_HOST'] ?? '127.0.0.1' },
      dev: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(
      `start: --port must be a number from 0 to 65535, got ${values.port}; for instance --port 3000`,
    );
  return { port, host: values.host, dev: values.dev };
}
