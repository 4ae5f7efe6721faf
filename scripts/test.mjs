// `npm test`: installs and builds what is missing, runs every test, and prints `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, findChromium, installIfMissing, run } from './bootstrap.mjs';

installIfMissing();
build();

const folder = mkdtempSync(join(tmpdir(), 'd2lts-test-'));
const counts = { passed: 0, failed: 0 };

/** Adds a vitest JSON report to the counts; a run without a report counts as one failure. */
function count(file, status) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    counts.passed += report.numPassedTests;
    counts.failed +=
      report.numFailedTests +
      report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0).length;
    if (status !== 0 && report.success) counts.failed += 1;
  } catch {
    counts.failed += 1;
  }
}

const vitest = join('node_modules', 'vitest', 'vitest.mjs');

/** Runs vitest and counts; `name` is of the report. */
function runVitest(name, ...args) {
  const file = join(folder, `${name}.json`);
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  count(file, run(process.execPath, [vitest, 'run', ...reports, ...args]));
}

runVitest('units', ...process.argv.slice(2));
runVitest('server', '--root', 'tests/server');
if (findChromium()) runVitest('browser', '--root', 'tests/browser');
else console.log('No Chromium found (set CHROMIUM to its path): the browser tests were left out.');

rmSync(folder, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
