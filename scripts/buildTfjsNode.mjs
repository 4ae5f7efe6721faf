// Builds @tensorflow/tfjs-node 4.22 from source against a TensorFlow library folder on this machine.
//
// Its own install step downloads a library, which fails behind a firewall and on platforms without a prebuilt.
// A TensorFlow Python wheel holds everything needed: libtensorflow_cc.so.2, libtensorflow_framework.so.2 and
// include/. tfjs-node and tfjs-node-gpu share JavaScript and binding, so with a CUDA build of TensorFlow the same
// steps give the GPU backend.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `Usage: node scripts/buildTfjsNode.mjs --tensorflow DIR [--project DIR] [--nodedir DIR]

  --tensorflow DIR  folder with libtensorflow_cc.so.2 (or libtensorflow.so.2), libtensorflow_framework.so.2 and
                    include/, e.g. .../site-packages/tensorflow of a wheel
  --project DIR     project to install into (default: the current folder); nothing is saved to its package.json
  --nodedir DIR     prefix with include/node (default: the running Node's, where its headers are installed)`;

function fail(message) {
  console.error(message);
  process.exit(2);
}

let values;
try {
  ({ values } = parseArgs({
    options: {
      tensorflow: { type: 'string' },
      project: { type: 'string', default: '.' },
      nodedir: { type: 'string' },
      help: { type: 'boolean' },
    },
  }));
} catch (error) {
  fail(`${error.message}\n\n${usage}`);
}
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (!values.tensorflow) fail(`--tensorflow is missing.\n\n${usage}`);

const tensorflow = resolve(values.tensorflow);
const project = resolve(values.project);
const library = ['libtensorflow.so.2', 'libtensorflow_cc.so.2']
  .map((name) => join(tensorflow, name))
  .find(existsSync);
const framework = join(tensorflow, 'libtensorflow_framework.so.2');
const include = join(tensorflow, 'include');
if (!library) fail(`No libtensorflow.so.2 or libtensorflow_cc.so.2 in ${tensorflow}.`);
if (!existsSync(framework)) fail(`No libtensorflow_framework.so.2 in ${tensorflow}.`);
if (!existsSync(join(include, 'tensorflow', 'c', 'c_api.h')))
  fail(`No include/tensorflow/c/c_api.h in ${tensorflow}.`);

function must(command, args, cwd, env = {}) {
  const done = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.status !== 0) fail(`"${command} ${args.join(' ')}" failed.`);
}

must(
  'npm',
  [
    'install',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '@tensorflow/tfjs-node@4.22.0',
  ],
  project,
);
const module = join(project, 'node_modules', '@tensorflow', 'tfjs-node');

// The names that the binding links: libtensorflow.so.2 and libtensorflow_framework.so.2, with their .so links.
// The binding finds libtensorflow_cc.so.2 at run time by the name stored in the library, so that name is laid out too.
const lib = join(module, 'deps', 'lib');
rmSync(join(module, 'deps'), { recursive: true, force: true });
mkdirSync(lib, { recursive: true });
for (const [source, names] of [
  [library, ['libtensorflow.so', 'libtensorflow.so.2', 'libtensorflow_cc.so.2']],
  [framework, ['libtensorflow_framework.so', 'libtensorflow_framework.so.2']],
])
  for (const name of names) symlinkSync(realpathSync(source), join(lib, name));
symlinkSync(realpathSync(include), join(module, 'deps', 'include'));

const prefix = values.nodedir ?? dirname(dirname(realpathSync(process.execPath)));
const nodedir = existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
const preGyp = [join(project, 'node_modules'), join(module, 'node_modules')]
  .map((folder) => join(folder, '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp'))
  .find(existsSync);
must(process.execPath, [preGyp, 'install', '--build-from-source', ...nodedir], module, {
  CXXFLAGS: `${process.env.CXXFLAGS ?? ''} -std=c++17`,
});

must(
  process.execPath,
  [
    '-e',
    `
const util = require('node:util');
util.isNullOrUndefined ??= (x) => x === null || x === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');
console.log('tfjs-node works: TensorFlow ' + tf.backend().binding.TF_Version + ', 2 + 3 = ' + tf.add(2, 3).dataSync()[0]);
`,
  ],
  project,
);
