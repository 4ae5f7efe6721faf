// `npm test`: installs and builds what is missing, runs every test, and prints what was left out and `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, findChromium, installIfMissing, run } from './bootstrap.mjs';

installIfMissing();
build();

const folder = mkdtempSync(join(tmpdir(), 'd2lts-test-'));
let passed = 0;
const failures = [];
const leftOut = []; // what such a test needs is in its title

/** Adds a vitest JSON report to the counts; a run without a report, or one that fails outside of its tests, is a failure. */
function count(name, file, status) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    failures.push(`${name}: no report (${error.message})`);
    return;
  }
  passed += report.numPassedTests;
  const before = failures.length;
  for (const { name: path, status, message, assertionResults } of report.testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const at = relative('.', path);
    for (const test of failed)
      failures.push(`${at} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
    if (!byName) leftOut.push(...leftOutOf(at, assertionResults));
    if (status === 'failed' && failed.length === 0) failures.push(`${at}: ${firstLine(message)}`);
  }
  if (status !== 0 && failures.length === before)
    failures.push(`${name}: an error outside of any test, printed above`);
}

/** Whether tests are chosen by name: then the others are no news. */
const byName = process.argv.some((arg) => /^(-t|--testNamePattern)/.test(arg));

/** The skipped tests of a file, a line for each suite of them. */
function leftOutOf(at, tests) {
  const suites = new Map();
  for (const { status, fullName, ancestorTitles } of tests) {
    if (status === 'passed' || status === 'failed') continue;
    const suite = ancestorTitles[0] ?? fullName;
    suites.set(suite, [...(suites.get(suite) ?? []), fullName]);
  }
  return [...suites].map(([suite, names]) =>
    names.length === 1 ? `${at} > ${names[0]}` : `${at} > ${suite}: ${names.length} tests`,
  );
}

const firstLine = (text = '') => text.split('\n', 1)[0];

const vitest = join('node_modules', 'vitest', 'vitest.mjs');

/** Runs vitest and counts; `name` is of the report. */
function runVitest(name, ...args) {
  const file = join(folder, `${name}.json`);
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  count(name, file, run(process.execPath, [vitest, 'run', ...reports, ...args]));
}

runVitest('units', ...process.argv.slice(2));
runVitest('server', '--root', 'tests/server');
if (findChromium()) runVitest('browser', '--root', 'tests/browser');
else console.log('No Chromium found (set CHROMIUM to its path): the browser tests were left out.');

rmSync(folder, { recursive: true, force: true });
for (const tests of leftOut) console.log(`left out: ${tests}`);
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
