// Makes a clean clone usable: installs what is missing and builds the packages. Node built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { delimiter, dirname, join } from 'node:path';

export const root = fileURLToPath(new URL('..', import.meta.url));
const env = {
  ...process.env,
  NX_NO_CLOUD: 'true',
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
};

/** Runs a command in the repository and returns its exit status; output goes to the terminal. */
export function run(command, args, extraEnv = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...env, ...extraEnv } });
  if (done.error) throw done.error;
  return done.status ?? 1;
}

/** Like run, but ends the process with the command's status when it fails. */
export function must(command, args, extraEnv) {
  const status = run(command, args, extraEnv);
  if (status !== 0) {
    console.error(`\n"${command} ${args.join(' ')}" failed with exit status ${status}.`);
    process.exit(status);
  }
}

/** Installs the dependencies unless node_modules already matches the lock file, and brings the addon up to date. */
export function installIfMissing() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs - 1000) {
    must(process.execPath, [join('packages', 'backend', 'scripts', 'install.mjs')]);
    return;
  }
  console.log('Installing dependencies (npm ci) …');
  must('npm', ['ci', '--no-audit', '--no-fund']);
}

/** Builds projects through nx, which skips what has not changed. */
export function build(projects) {
  const selection = projects ? [`--projects=${projects.join(',')}`] : [];
  must(process.execPath, [
    join('node_modules', 'nx', 'dist', 'bin', 'nx.js'),
    'run-many',
    '-t',
    'build',
    ...selection,
    '--outputStyle=static',
  ]);
}

/** Folders that building and testing fill. */
const made = new Set(['.next', '.nx', 'build', 'dist', 'node_modules', 'wasm']);

/** A hash of the names, sizes and times of the files in a folder, without those that building makes. */
export function fingerprint(folder) {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (made.has(entry.name) || entry.name === 'next-env.d.ts' || entry.name.endsWith('.tsbuildinfo'))
        continue;
      const inner = join(path, entry.name);
      if (entry.isDirectory()) visit(inner);
      else if (entry.isFile()) {
        const { size, mtimeMs } = statSync(inner);
        hash.update(`${inner}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  visit(folder);
  return hash.digest('hex');
}

/** Builds everything, unless no source has changed since this last did; even nx's look at its cache takes seconds. */
export function buildIfChanged() {
  const stamp = join(root, 'node_modules', '.cache', 'd2lts-built');
  const now = ['packages', 'apps', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'tsdown.base.ts']
    .map((name) => join(root, name))
    .map((path) => (statSync(path).isDirectory() ? fingerprint(path) : statSync(path).mtimeMs))
    .join(' ');
  const outputs = [
    'packages/core/dist/index.js',
    'apps/playground/dist/serve.js',
    'apps/playground/.next/BUILD_ID',
  ];
  const whole = [stamp, ...outputs.map((name) => join(root, name))].every((path) => existsSync(path));
  if (whole && readFileSync(stamp, 'utf8') === now) return;
  build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** The path of a Chromium or Chrome, or undefined where none is installed. */
export function findChromium() {
  if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
      if (folder && existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}
