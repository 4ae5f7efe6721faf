// Builds what is missing and runs the tests of the built server.
import { join } from 'node:path';
import { build, run } from '../../scripts/bootstrap.mjs';

build(['@d2lts/playground']);
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
process.exitCode = run(process.execPath, [vitest, 'run', '--root', 'tests/server', ...process.argv.slice(2)]);
