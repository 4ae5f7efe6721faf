// Builds the playground: the server part with tsdown, then the page with Next.js. Downloads nothing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** Runs the bin script of an installed package in the playground's folder. */
function runBin(name, bin, ...args) {
  const script = join(dirname(require.resolve(`${name}/package.json`)), bin);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  const done = spawnSync(process.execPath, [script, ...args], { cwd: folder, stdio: 'inherit', env });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

runBin('tsdown', 'dist/run.mjs');
runBin('next', 'dist/bin/next', 'build');
