// Builds what is missing and runs the browser tests; says so and ends well where no Chromium is installed.
import { join } from 'node:path';
import { build, findChromium, run } from '../../scripts/bootstrap.mjs';

if (!findChromium()) {
  console.log('No Chromium found (set CHROMIUM to its path): the browser tests were left out.');
} else {
  build(['@d2lts/playground']);
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = run(process.execPath, [
    vitest,
    'run',
    '--root',
    'tests/browser',
    ...process.argv.slice(2),
  ]);
}
