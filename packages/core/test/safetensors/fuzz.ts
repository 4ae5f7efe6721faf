// Compares our reader with Python's safetensors on mutated files:
//   node --import tsx --conditions=@d2lts/source test/safetensors/fuzz.ts --seed 1 --count 20000 --python python3
// `--record FILE` writes the files and the reference's verdicts down, as golden/verdicts.json was (seed 1, 600 files).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Rng, useBackend } from '../../src/index.ts';
import { mutated } from './mutate.ts';
import { readBytes } from './read.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20000' },
    python: { type: 'string', default: 'python3' },
    record: { type: 'string' },
  },
});
const rng = new Rng(Number(values.seed));
const files = Array.from({ length: Number(values.count) }, () => mutated(rng));

const input = Buffer.concat(
  files.flatMap((file) => [Buffer.from(Uint32Array.of(file.length).buffer), Buffer.from(file)]),
);
const script = fileURLToPath(new URL('golden/verdicts.py', import.meta.url));
const python = spawnSync(values.python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
const verdicts = python.stdout;
if (python.status !== 0 || verdicts.length !== files.length) throw new Error(python.stderr);

if (values.record !== undefined) {
  const cases = files.map((file, i) => `${verdicts[i]} ${Buffer.from(file).toString('base64')}`);
  writeFileSync(values.record, `${JSON.stringify(cases, null, 0).replaceAll('","', '",\n"')}\n`);
}

await useBackend('cpu');
const folder = mkdtempSync(join(tmpdir(), 'd2lts-'));
let different = 0;
let slowest = 0;
for (const [i, file] of files.entries()) {
  const path = join(folder, 'file');
  const { accepted, milliseconds } = await readBytes(path, file);
  // Twice: a busy machine may stop a process for longer than any file takes.
  if (milliseconds > slowest) {
    slowest = Math.max(slowest, Math.min(milliseconds, (await readBytes(path, file)).milliseconds));
  }
  if (accepted === (verdicts[i] === '1')) continue;
  different++;
  console.log(
    `file ${i}: ours ${accepted}, the reference ${!accepted}: ${JSON.stringify(Buffer.from(file).toString())}`,
  );
}
rmSync(folder, { recursive: true });
const read = [...verdicts].filter((verdict) => verdict === '1').length;
console.log(
  `${files.length} files of seed ${values.seed}: the reference reads ${read}; ${different} differences; ` +
    `slowest ${slowest.toFixed(1)} ms`,
);
process.exitCode = different === 0 ? 0 : 1;
