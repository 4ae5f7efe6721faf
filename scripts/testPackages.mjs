// Packs every package, installs each alone into an empty project outside the workspace, and runs its README's
// first example there, and its commands with --help. Prints `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { root } from './bootstrap.mjs';

const folder = mkdtempSync(join(tmpdir(), 'd2lts-pack-'));
const packages = new Map();
for (const name of readdirSync(join(root, 'packages'))) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  if (!manifest.private) packages.set(manifest.name, { manifest, path: join(root, 'packages', name) });
}

function command(program, args, cwd) {
  const env = { ...process.env };
  delete env.D2LTS_DATA;
  const done = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 300_000 });
  if (done.status !== 0)
    throw new Error(
      `"${program} ${args.join(' ')}" exited with ${done.status}\n${done.stdout}\n${done.stderr}`,
    );
  return done.stdout;
}

/** The package itself and every package of ours that it needs. */
function closure(name, found = new Set()) {
  found.add(name);
  for (const dependency of Object.keys(packages.get(name).manifest.dependencies ?? {}))
    if (packages.has(dependency) && !found.has(dependency)) closure(dependency, found);
  return found;
}

/** The first ```ts or ```js block of a README, as JavaScript. */
function firstExample(readme) {
  const block = /```(ts|js)\n([\s\S]*?)```/.exec(readme);
  if (!block) throw new Error('its README has no ```ts or ```js example');
  return transformSync(block[2], { loader: 'ts', format: 'esm', target: 'node20' }).code;
}

let passed = 0;
let failed = 0;
try {
  const tarballs = new Map();
  for (const [name, { path }] of packages) {
    const [packed] = JSON.parse(command('npm', ['pack', '--json', '--pack-destination', folder], path));
    tarballs.set(name, join(folder, packed.filename));
  }
  for (const [name, { manifest, path }] of packages) {
    const started = Date.now();
    try {
      const project = join(folder, name.replace('/', '-'));
      mkdirSync(project);
      writeFileSync(
        join(project, 'package.json'),
        '{ "name": "empty", "private": true, "type": "module" }\n',
      );
      const needed = [...closure(name)].map((dependency) => tarballs.get(dependency));
      command('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...needed], project);
      writeFileSync(
        join(project, 'example.mjs'),
        firstExample(readFileSync(join(path, 'README.md'), 'utf8')),
      );
      command(process.execPath, ['example.mjs'], project);
      for (const bin of Object.keys(manifest.bin ?? {}))
        command(join(project, 'node_modules', '.bin', bin), ['--help'], project);
      passed += 1;
      console.log(`ok   ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.error(`FAIL ${name}: ${error.message}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
