// Builds wasm/kernels.wasm from kernels/*.cc with Clang as an npm package: no compiler on the machine needed.
// Objects are kept in build/wasm under a digest of what they were made from, so that only changed files compile again.
// --keep-going leaves out files that do not compile (development), --force links again, --out names the result.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digest, filesIn, withIncludes } from './contents.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const objects = join(root, 'build', 'wasm');
const { values: options } = parseArgs({
  options: { out: { type: 'string' }, force: { type: 'boolean' }, 'keep-going': { type: 'boolean' } },
});
const output = resolve(options.out ?? join(root, 'wasm', 'kernels.wasm'));

const compileFlags = [
  '--target=wasm32',
  '-std=c++17',
  '-O3',
  '-msimd128',
  '-mbulk-memory',
  '-mnontrapping-fptoint',
  '-msign-ext',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
  '-fvisibility=hidden',
  '-ffreestanding',
  '-fno-threadsafe-statics',
  '-nostdlib',
  '-nostdinc++',
  '-Wno-psabi',
];
const exported = ['d2l_start', 'd2l_run', 'd2l_arguments', 'd2l_op_count', 'd2l_op_name'];
const linkFlags = [
  '--no-entry',
  '--stack-first',
  '-z',
  'stack-size=262144',
  '--max-memory=4294967296',
  '--export-memory',
  ...exported.map((name) => `--export=${name}`),
];

// Runs a tool on files in memory; its messages go to stderr, the progress of loading it nowhere.
const streams = {
  stdout: (bytes) => bytes && process.stderr.write(bytes),
  stderr: (bytes) => bytes && process.stderr.write(bytes),
  fetchProgress: () => {},
};
async function tool(command, args, files) {
  try {
    return await command(args, files, streams);
  } catch (error) {
    console.error(
      `\nbuildWasm: ${args.filter((argument) => /\.(cc|wasm)$/.test(argument)).join(' ')} failed: ${error.message}`,
    );
    return undefined;
  }
}

/** Replaces a file at once, so that a reader never sees half of it. */
async function replace(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

async function main() {
  const paths = filesIn(join(root, 'kernels'));
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const words = [devDependencies['@yowasp/clang'], ...compileFlags];
  // The digest of everything stands beside the result: the same again means there is nothing to do.
  const stamp = `${output}.digest`;
  const everything = digest(paths, [...words, ...linkFlags]);
  const upToDate = existsSync(output) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === everything;
  if (upToDate && !options.force) return;

  const files = Object.fromEntries(
    await Promise.all(paths.map(async (path) => [basename(path), await readFile(path)])),
  );
  const { commands, runLLVM } = await import('@yowasp/clang');
  await runLLVM(null, {}, streams); // loads the compiler without progress messages
  await mkdir(objects, { recursive: true });
  const linked = {};
  for (const source of paths.filter((path) => path.endsWith('.cc'))) {
    const name = basename(source, '.cc');
    const object = `${name}.o`;
    const path = join(objects, `${name}.${digest(withIncludes(source), words)}.o`);
    if (!existsSync(path)) {
      for (const old of await readdir(objects)) if (old.startsWith(`${name}.`)) await rm(join(objects, old));
      const result = await tool(
        commands['clang++'],
        [...compileFlags, '-c', basename(source), '-o', object],
        files,
      );
      if (!result && options['keep-going']) continue;
      if (!result) process.exit(1);
      await replace(path, result[object]);
    }
    linked[object] = await readFile(path);
  }
  const result = await tool(
    commands['wasm-ld'],
    [...linkFlags, ...Object.keys(linked), '-o', 'kernels.wasm'],
    linked,
  );
  if (!result) process.exit(1);
  await replace(output, result['kernels.wasm']);
  await replace(stamp, everything);
  console.log(`built wasm/kernels.wasm (${Math.round(result['kernels.wasm'].length / 1024)} KiB)`);
}

await main();
