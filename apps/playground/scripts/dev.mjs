// Development: builds the server part once, then serves the page with hot reloading.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const tsdown = join(dirname(createRequire(import.meta.url).resolve('tsdown/package.json')), 'dist/run.mjs');
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'development' };

const built = spawnSync(process.execPath, [tsdown], { cwd: folder, stdio: 'inherit', env });
if (built.status !== 0) process.exit(built.status ?? 1);
const args = ['dist/serve.js', '--dev', ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit', env }).status ?? 1;
