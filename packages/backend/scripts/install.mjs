// Builds the Node addon when a C++ compiler is there. Never fails: without the addon the WebAssembly build serves.
// D2LTS_REQUIRE_NATIVE=1 makes a failure fatal (CI); D2LTS_SKIP_NATIVE=1 skips the build.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonDigest, addonStamp, processorFlags } from './contents.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const build = join(root, 'build');
const addon = join(build, 'Release', 'd2l.node');

/** node-gyp: what npm says it is, the copy inside npm, or what PATH has. */
function findNodeGyp() {
  const candidates = [process.env.npm_config_node_gyp];
  const npm = process.env.npm_execpath;
  if (npm) candidates.push(join(dirname(npm), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'));
  for (const prefix of [join(dirname(process.execPath), '..'), '/usr', '/usr/local']) {
    for (const lib of ['lib/node_modules', 'share/nodejs', 'node_modules'])
      candidates.push(join(prefix, lib, 'npm/node_modules/node-gyp/bin/node-gyp.js'));
  }
  candidates.push(join(dirname(process.execPath), 'node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'));
  return candidates.find((path) => path && existsSync(path));
}

/** Loads the addon in a process of its own, which shows that it works on this machine. */
const load = () =>
  spawnSync(process.execPath, ['-e', `require(${JSON.stringify(addon)})`], { encoding: 'utf8' });

/** Whether the addon that is there was made from these very sources, on a machine like this one. */
function upToDate() {
  if (!existsSync(addon) || !existsSync(addonStamp(root)) || process.argv.includes('--clean')) return false;
  return readFileSync(addonStamp(root), 'utf8') === addonDigest(root) && load().status === 0;
}

/** Runs node-gyp; returns why it did not work, or nothing. */
function compile() {
  if (process.platform === 'win32') return 'the addon needs Linux or macOS';
  const script = findNodeGyp();
  // Node's own headers beside its binary spare a download.
  const prefix = join(dirname(process.execPath), '..');
  const local =
    existsSync(join(prefix, 'include', 'node', 'node_api.h')) && !process.env.npm_config_nodedir
      ? [`--nodedir=${prefix}`]
      : [];
  const args = ['--loglevel=error', ...local];
  const jobs = ['-j', 'max'];
  const result = script
    ? spawnSync(process.execPath, [script, 'rebuild', ...jobs, ...args], { cwd: root, encoding: 'utf8' })
    : spawnSync('node-gyp', ['rebuild', ...jobs, ...args], { cwd: root, encoding: 'utf8' });
  if (result.error) return `node-gyp could not start (${result.error.message})`;
  if (result.status !== 0) {
    const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter(Boolean);
    if (process.env.D2LTS_REQUIRE_NATIVE === '1' || process.argv.includes('--verbose'))
      console.error(lines.join('\n'));
    return lines.find((line) => /error/i.test(line))?.trim() ?? `node-gyp ended with status ${result.status}`;
  }
  const check = load();
  if (check.status !== 0)
    return `the addon was built but does not load (${check.signal ?? check.stderr.split('\n').find(Boolean)})`;
  recordProcessor();
  writeFileSync(addonStamp(root), addonDigest(root));
  return undefined;
}

/** Notes the instruction sets that -march=native may have used; the loader refuses the addon where one is missing. */
function recordProcessor() {
  const used = processorFlags();
  if (used.length > 0) writeFileSync(join(build, 'Release', 'processor.txt'), `${used.join(' ')}\n`);
}

function main() {
  if (process.env.D2LTS_SKIP_NATIVE === '1') return;
  if (upToDate()) return;
  const before = existsSync(addon);
  const problem = compile();
  if (!problem) return;
  if (process.env.D2LTS_REQUIRE_NATIVE === '1') {
    console.error(`@d2lts/backend: ${problem}`);
    process.exit(1);
  }
  if (!before) rmSync(build, { recursive: true, force: true });
  console.log(`@d2lts/backend: no native addon (${problem}); the WebAssembly build will be used.`);
}

try {
  main();
} catch (error) {
  if (process.env.D2LTS_REQUIRE_NATIVE === '1') throw error;
  console.log(`@d2lts/backend: no native addon (${error.message}); the WebAssembly build will be used.`);
}
