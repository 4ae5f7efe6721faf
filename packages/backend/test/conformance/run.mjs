// Runs TensorFlow.js' own tests (its npm package ships them compiled) against one of our backends.
//
//   npm run conformance -- --backend native|wasm|cpu [--filter text] [--verbose]
//
// One esbuild bundle holds tfjs-core, its tests, the cpu backend and our sources, so that there is a single engine.
// Ends with 1 on a failure that exclusions.json does not list, and on a listed test that passes or is gone.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'native' },
    filter: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
});

const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));
// Operations, gradients, optimizers and what tensors and variables promise.
const wanted = /^(ops|optimizers|public)\/|^(gradients|variable|tensor|buffer|debug_mode|engine)_test\.js$/;
const tests = readdirSync(join(core, 'dist'), { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('_test.js') && wanted.test(path))
  .toSorted();

/** Writes the entry and bundles it; returns the bundle's path. */
async function bundle() {
  const out = join(root, 'build', 'conformance.mjs'); // one level below the package, like dist/: the loader finds the kernels
  mkdirSync(dirname(out), { recursive: true });
  const contents = [
    `import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';`,
    `import '@tensorflow/tfjs-core/dist/register_all_gradients';`,
    `import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';`,
    `import * as cpu from '@tensorflow/tfjs-backend-cpu';`,
    `import { loadBackend, provideCpu } from '${join(root, 'src/index.ts')}';`,
    `export async function prepare(backendName) {`,
    `  provideCpu(cpu);`,
    `  if (backendName !== 'cpu') await loadBackend(backendName);`,
    `  setTestEnvs([{ name: backendName, backendName, isDataSync: true }]);`,
    `}`,
    `export async function define() {`,
    ...tests.map((path) => `  await import('@tensorflow/tfjs-core/dist/${path}');`),
    `}`,
  ].join('\n');
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    outfile: out,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    banner: {
      js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);`,
    },
    external: ['jasmine-core/*'],
  });
  return out;
}

/** Jasmine's globals, before any test file is evaluated. */
function startJasmine() {
  const jasmineRequire = require('jasmine-core/lib/jasmine-core/jasmine.js');
  const jasmine = jasmineRequire.core(jasmineRequire);
  const env = jasmine.getEnv({ suppressLoadErrors: true });
  Object.assign(globalThis, jasmineRequire.interface(jasmine, env), { jasmine });
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 20000;
  env.configure({ random: false, failFast: false });
  return env;
}

/** A test's name without the backend's part: the same for every backend. */
function plainName(fullName) {
  return fullName.replace(` ${options.backend} {}`, '');
}

async function main() {
  const { prepare, define } = await import(pathToFileURL(await bundle()).href);
  const env = startJasmine();
  await prepare(options.backend);
  await define();
  const failures = new Map();
  let passed = 0;
  let skipped = 0;
  if (options.filter) env.configure({ specFilter: (spec) => spec.getFullName().includes(options.filter) });
  env.addReporter({
    specDone(spec) {
      if (spec.status === 'failed')
        failures.set(
          plainName(spec.fullName),
          spec.failedExpectations.map((failure) => failure.message.split('\n')[0].slice(0, 300)).join(' | '),
        );
      else if (spec.status === 'passed') passed += 1;
      else skipped += 1;
    },
  });
  const quiet = () => {};
  const { log } = console;
  for (const name of ['log', 'warn', 'error', 'info', 'table']) console[name] = quiet;
  await env.execute();
  console.log = log;

  const exclusions = JSON.parse(readFileSync(join(here, 'exclusions.json'), 'utf8'));
  const excluded = new Map(
    exclusions
      .filter((entry) => !entry.backends || entry.backends.includes(options.backend))
      .map((entry) => [entry.test, entry.reason]),
  );
  const unexpected = [...failures].filter(([name]) => !excluded.has(name));
  const passing = options.filter ? [] : [...excluded.keys()].filter((name) => !failures.has(name));
  for (const [name, message] of unexpected) console.log(`FAILED  ${name}\n        ${message}`);
  for (const name of passing)
    console.log(`PASSES  ${name} (excluded, but passes or is gone: remove it from exclusions.json)`);
  if (options.verbose)
    writeFileSync(
      join(root, 'build', `conformance-${options.backend}.json`),
      JSON.stringify([...failures], null, 1),
    );
  const total = passed + failures.size;
  console.log(
    `${options.backend}: ${passed} of ${total} tests pass, ${failures.size - unexpected.length} excluded (${((100 * (failures.size - unexpected.length)) / total).toFixed(2)}%), ${unexpected.length} unexpected failures, ${passing.length} exclusions that pass; ${relative(root, core)} has ${tests.length} test files`,
  );
  process.exit(unexpected.length > 0 || passing.length > 0 ? 1 : 0);
}

await main();
