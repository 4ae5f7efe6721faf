// Builds the Node addon for development, without node-gyp: one compiler call a changed file, same flags.
//
//   node scripts/buildNative.mjs [--out build/Release/d2l.node] [--keep-going] [--sanitize]
//
// --keep-going leaves out kernel files that do not compile (their kernels are then missing), so that one
// unfinished file does not stop everybody; --sanitize adds AddressSanitizer and UndefinedBehaviorSanitizer.
// Objects are kept in build/objects under a digest of what they were made from; D2LTS_NATIVE_ADDON=<path> makes the
// loader take another addon.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addonDigest, addonStamp, digest, withIncludes } from './contents.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: { out: { type: 'string' }, 'keep-going': { type: 'boolean' }, sanitize: { type: 'boolean' } },
});
const out = resolve(
  options.out ?? join(root, 'build', options.sanitize ? 'Sanitize' : 'Release', 'd2l.node'),
);
const objects = join(root, 'build', options.sanitize ? 'objects-sanitize' : 'objects');
const compiler = process.env.CXX ?? 'g++';

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

// The compiler's version and what -march=native means here, as its own macros tell.
const machine = execFileSync(compiler, [...architecture, '-dM', '-E', '-xc++', '/dev/null'], {
  encoding: 'utf8',
});

mkdirSync(objects, { recursive: true });
mkdirSync(dirname(out), { recursive: true });
const linked = [];
let broken = 0;
const queue = [...sources];
async function worker() {
  for (let source = queue.shift(); source; source = queue.shift()) {
    const name = source.replaceAll('/', '-').replace(/\.cc$/, '');
    const object = join(
      objects,
      `${name}.${digest(withIncludes(join(root, source)), [machine, ...flags])}.o`,
    );
    if (!existsSync(object)) {
      for (const old of readdirSync(objects)) if (old.startsWith(`${name}.`)) rmSync(join(objects, old));
      const unfinished = `${object}.${process.pid}`;
      const result = await run([...flags, '-c', source, '-o', unfinished]);
      if (result.text) console.error(result.text.trim());
      if (result.failed) {
        broken += 1;
        continue;
      }
      renameSync(unfinished, object);
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
if (out === join(root, 'build', 'Release', 'd2l.node')) writeFileSync(addonStamp(root), addonDigest(root));
