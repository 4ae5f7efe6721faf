// Builds the Node addon for development, without node-gyp: one compiler call a changed file, same flags.
//
//   node scripts/buildNative.mjs [--out build/Release/d2l.node] [--keep-going] [--sanitize]
//
// --keep-going leaves out kernel files that do not compile (their kernels are then missing), so that one
// unfinished file does not stop everybody; --sanitize adds AddressSanitizer and UndefinedBehaviorSanitizer.
// Objects are kept in build/objects; D2LTS_NATIVE_ADDON=<path> makes the loader take another addon.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: { out: { type: 'string' }, 'keep-going': { type: 'boolean' }, sanitize: { type: 'boolean' } },
});
const out = resolve(
  options.out ?? join(root, 'build', options.sanitize ? 'Sanitize' : 'Release', 'd2l.node'),
);
const objects = join(root, 'build', options.sanitize ? 'objects-sanitize' : 'objects');
const compiler = process.env.CXX ?? 'g++';

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const run = (args) =>
  new Promise((done) => {
    execFile(compiler, args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done({ failed: Boolean(error), text: `${stdout}${stderr}` }),
    );
  });

const target = JSON.parse(readFileSync(join(root, 'binding.gyp'), 'utf8')).targets[0];
const architecture =
  process.arch === 'x64' ? ['-march=native'] : process.arch === 'arm64' ? ['-mcpu=native'] : [];
const sanitize = options.sanitize
  ? [
      '-fsanitize=address,undefined',
      '-fno-sanitize-recover=undefined',
      '-fno-omit-frame-pointer',
      '-g',
      '-O1',
    ]
  : [];
const include = join(dirname(process.execPath), '..', 'include', 'node');
const flags = [
  '-fPIC',
  ...target.cflags_cc,
  ...architecture,
  ...sanitize,
  ...target.defines.map((define) => `-D${define}`),
  '-DBUILDING_NODE_EXTENSION',
  `-I${include}`,
];

const sources = [
  'native/addon.cc',
  'native/threads.cc',
  ...readdirSync(join(root, 'kernels'))
    .filter((name) => name.endsWith('.cc'))
    .map((name) => `kernels/${name}`),
];

/** When the newest header a source includes (however indirectly) changed. */
function newestInclude(path, seen = new Set()) {
  if (seen.has(path) || !existsSync(path)) return 0;
  seen.add(path);
  const includes = [...readFileSync(path, 'utf8').matchAll(/^\s*#include "([^"]+)"/gm)].map((match) =>
    join(dirname(path), match[1]),
  );
  return Math.max(modified(path), ...includes.map((file) => newestInclude(file, seen)));
}

mkdirSync(objects, { recursive: true });
mkdirSync(dirname(out), { recursive: true });
const linked = [];
let broken = 0;
const queue = [...sources];
async function worker() {
  for (let source = queue.shift(); source; source = queue.shift()) {
    const object = join(objects, `${source.replaceAll('/', '-').replace(/\.cc$/, '')}.o`);
    const needed = Math.max(
      newestInclude(join(root, source)),
      modified(fileURLToPath(import.meta.url)),
      modified(join(root, 'binding.gyp')),
    );
    if (modified(object) <= needed) {
      const result = await run([...flags, '-c', source, '-o', object]);
      if (result.text) console.error(result.text.trim());
      if (result.failed) {
        broken += 1;
        continue;
      }
    }
    linked.push(object);
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
if (broken > 0 && !options['keep-going']) process.exit(1);
const temporary = `${out}.${process.pid}.tmp`;
const system = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
const result = await run(['-shared', '-pthread', ...system, ...sanitize, ...linked, '-o', temporary]);
if (result.failed) {
  console.error(result.text);
  process.exit(1);
}
renameSync(temporary, out);
