// Builds wasm/kernels.wasm from kernels/*.cc with Clang as an npm package: no compiler on the machine needed.
// Objects are kept in build/wasm, so that only changed files compile again; nothing happens when up to date.
// --keep-going leaves out files that do not compile (development), --force links again, --out names the result.
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

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

const modified = async (path) => {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
};

/** Replaces a file at once, so that a reader never sees half of it. */
async function replace(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

async function main() {
  const names = (await readdir(join(root, 'kernels'))).toSorted();
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(root, 'kernels', name))])),
  );
  const times = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await modified(join(root, 'kernels', name))])),
  );
  const script = await modified(fileURLToPath(import.meta.url));
  const shared = Math.max(script, ...names.filter((name) => name.endsWith('.h')).map((name) => times[name]));
  const sources = names.filter((name) => name.endsWith('.cc'));
  const built = await modified(output);
  const newest = Math.max(script, ...Object.values(times));
  if (built > newest && !options.force) return;

  const { commands, runLLVM } = await import('@yowasp/clang');
  await runLLVM(null, {}, streams); // loads the compiler without progress messages
  const linked = {};
  for (const source of sources) {
    const object = source.replace(/\.cc$/, '.o');
    const path = join(objects, object);
    const needed = Math.max(shared, times[source], source === 'kernels.cc' ? times['ops.def'] : 0);
    if ((await modified(path)) <= needed) {
      const result = await tool(commands['clang++'], [...compileFlags, '-c', source, '-o', object], files);
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
  console.log(`built wasm/kernels.wasm (${Math.round(result['kernels.wasm'].length / 1024)} KiB)`);
}

await main();
