// Runs the backend's tests on an addon built with AddressSanitizer and UndefinedBehaviorSanitizer, and the thread
// pool under ThreadSanitizer. Needs g++ with its sanitizer libraries.
//
//   npm run sanitize [-- test files]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = process.env.CXX ?? 'g++';

function step(what, command, args, env = {}) {
  console.log(`sanitize: ${what}`);
  const { status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  console.error(`sanitize: ${what} failed (${signal ?? status})`);
  process.exit(1);
}

if (spawnSync(compiler, ['--version']).error) {
  console.log(`sanitize: left out, there is no ${compiler}`);
  process.exit(0);
}
mkdirSync(join(root, 'build'), { recursive: true });
const pool = join(root, 'build', 'poolTest');
step('compile the thread pool', compiler, [
  '-std=c++17',
  '-O1',
  '-g',
  '-fsanitize=thread',
  '-pthread',
  'native/poolTest.cc',
  'native/threads.cc',
  '-o',
  pool,
]);
step('run the thread pool under ThreadSanitizer', pool, []);

step('compile the addon', process.execPath, ['scripts/buildNative.mjs', '--sanitize']);
const libraries = ['libasan.so', 'libubsan.so'].map((name) =>
  execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim(),
);
const env = {
  LD_PRELOAD: libraries.join(':'),
  ASAN_OPTIONS: 'detect_leaks=0:detect_container_overflow=0:abort_on_error=1:verify_asan_link_order=0',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  D2LTS_NATIVE_ADDON: join(root, 'build', 'Sanitize', 'd2l.node'),
  D2LTS_REQUIRE_NATIVE: '1',
};
step("run TensorFlow.js' tests", process.execPath, ['test/conformance/run.mjs', '--backend', 'native'], env);
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const files = process.argv.slice(2);
step(
  "run the backend's tests",
  process.execPath,
  [vitest, 'run', '--testTimeout', '120000', '-t', 'native', ...files],
  env,
);
