// The command against Python's: output, messages and exit codes of every case in cli.json. Wrong input
// and standard input go through child processes, the rest (for speed) through main() in this one.

import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli/main.ts';
import { VERSION } from '../src/index.ts';
import { withOurVersion } from './golden/golden.ts';

interface CliCase {
  arguments: string;
  code: number;
  out: string;
  /** Null where Python ends in a traceback. */
  error: string | null;
  stdin?: string;
  env?: Record<string, string>;
}

const golden = JSON.parse(readFileSync(new URL('./golden/cli.json', import.meta.url), 'utf8')) as {
  files: Record<string, string>;
  binary: Record<string, string>;
  cases: CliCase[];
};

let folder = '';
let program = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sacrebleu-ts-'));
  program = join(folder, 'cli.mjs');
  const entry = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(golden.files)) write(path, content);
  for (const [path, content] of Object.entries(golden.binary)) write(path, Buffer.from(content, 'base64'));
  const model = readFileSync(new URL('./golden/bpe.model', import.meta.url));
  write('tiny.model', model);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(
  args: readonly string[],
  stdin = '',
  env: Record<string, string> = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    input: stdin,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], SACREBLEU: join(folder, 'cache'), ...env },
  });
}

function runHere(
  args: readonly string[],
  env: Record<string, string> = {},
): { status: number; stdout: string; stderr: string } {
  const own = { SACREBLEU: join(folder, 'cache'), ...env };
  const before = process.cwd();
  let stdout = '';
  let stderr = '';
  Object.entries(own).forEach(([name, value]) => vi.stubEnv(name, value));
  process.chdir(folder);
  try {
    const status = main(args, {
      out: (line) => (stdout += `${line}\n`),
      error: (line) => (stderr += `${line}\n`),
      terminal: false,
    });
    return { status, stdout, stderr };
  } finally {
    process.chdir(before);
    vi.unstubAllEnvs();
  }
}

// Here Python lists the test sets it could download, or tells to remove them and download again.
const OWN_MESSAGES = new Set(['--echo src', '-t wmt17,wmt17 -l en-de -i sys0.txt']);

describe('against Python', () => {
  it('in as many cases as the README states', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`${golden.cases.length} command lines`);
  });

  it.each(golden.cases.map((c, i) => [`${i} ${c.arguments} ${JSON.stringify(c.env ?? '')}`, c] as const))(
    '%s',
    (_, c) => {
      const spawned = c.code !== 0 || c.stdin !== undefined || c.arguments.length < 24;
      const args = c.arguments.split(' ');
      const result = spawned ? run(args, c.stdin, c.env) : runHere(args, c.env);
      expect(result.status, result.stderr).toBe(c.code);
      expect(result.stdout).toBe(withOurVersion(c.out, VERSION));
      if (c.error === null || OWN_MESSAGES.has(c.arguments)) return;
      if (c.code === 2) expect(result.stderr.trimEnd().split('\n').at(-1)).toBe(c.error);
      else expect(result.stderr).toBe(c.error);
    },
  );
});

describe('wrong input', () => {
  it.each([
    ['ref.txt -i missing.txt', "sacreBLEU: [Errno 2] No such file or directory: 'missing.txt'\n"],
    ['ref.txt -i cache', "sacreBLEU: [Errno 21] Is a directory: 'cache'\n"],
    ['ref.txt -q -i missing.txt', "[Errno 2] No such file or directory: 'missing.txt'\n"],
    ['ref.txt -i sys0.txt -e klingon', 'sacreBLEU: unknown encoding: klingon\n'],
    ['ref.txt -i sys0.txt -w -1', 'sacreBLEU: The width (-w) must not be negative, got -1.\n'],
    ['ref.txt -i sys0.txt -l en', "sacreBLEU: The language pair (-l) must be like en-de, got 'en'.\n"],
    ['-t wmt99 -l en-de -i sys0.txt', "sacreBLEU: Unknown test set 'wmt99'\n"],
    ['-t wmt17 -l de-en -i sys0.txt', "sacreBLEU: No such language pair 'de-en'\n"],
    [
      'ref.txt -i sys0.txt -tok ja-mecab',
      "sacreBLEU: The tokenizer 'ja-mecab' needs MeCab, which this command cannot load: take -tok char or flores200,\n" +
        'sacreBLEU: or score in code with mecabTokenizer (see the README of sacrebleu-ts).\n',
    ],
    ['ref.txt -i sys0.txt -l en-ko', "sacreBLEU: The tokenizer 'ko-mecab' needs MeCab, which"],
    ['ref.txt -i', 'sacreBLEU: No system given to --input (-i).\n'],
    [
      'ref.txt -i sys0.txt -m chrf -cc 0',
      'sacreBLEU: CHRF: charOrder must be at least 1 when wordOrder is 0, got 0\n',
    ],
    [
      'ref.txt -i sys0.txt -tok flores200',
      "sacreBLEU: The tokenizer 'flores200' needs its SentencePiece model: give --tokenizer-model PATH",
    ],
    ['ref.txt -i sys0.txt -tok flores200 --tokenizer-model ref.txt', 'sacreBLEU: SentencePiece model: '],
    [
      'ref.txt -i sys0.txt -m chrf -cc -2',
      'sacreBLEU: CHRF: charOrder must be an integer from 0 to 1000, got -2\n',
    ],
  ])('%s', (args, message) => {
    const result = run(args.split(' '));
    expect(result.status).toBe(1);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(message);
  });

  it('names the byte that is not UTF-8', () => {
    const position = Buffer.from(golden.binary['invalid.txt']!, 'base64').indexOf(0xe9);
    const result = run(['ref.txt', '-i', 'invalid.txt']);
    expect(result.stderr).toBe(
      `sacreBLEU: invalid.txt: 'utf-8' codec can't decode byte 0xe9 in position ${position}: invalid continuation byte\n`,
    );
  });

  it('refuses a seed that is no number', () => {
    const result = run(['ref.txt', '-i', 'sys0.txt', '-ci'], '', { SACREBLEU_SEED: 'seven' });
    expect([result.status, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain("seed: must be a non-negative integer or 'none', got 'seven'");
  });
});

describe('our own', () => {
  it('says nothing when nobody reads the output', async () => {
    const child = spawn(process.execPath, [program, 'ref.txt', '-i', 'sys0.txt', '-sl'], { cwd: folder });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, said]).toEqual([0, '']);
  });

  it('prints help with every flag, the version, and the local test sets', () => {
    const help = run(['--help']);
    expect(help.status).toBe(0);
    for (const flag of ['-nr', '--chrf-beta', '-pbsn', '--tokenizer-model', '-sl'])
      expect(help.stdout).toContain(flag);
    expect(run(['-V']).stdout).toBe(`sacrebleu-ts ${VERSION}\n`);
    expect(run(['--list']).stdout).toBe('The available test sets are:\nwmt17\n');
    expect(run(['--list', '-t', 'wmt17']).stdout).toBe('en-de: docid, genre, origlang, ref, src\n');
  });

  it('takes a SentencePiece model by path', () => {
    const result = run('ref.txt -i ref.txt -tok flores200 --tokenizer-model tiny.model -f text'.split(' '));
    expect(result.stdout).toMatch(
      /^BLEU\|nrefs:1\|case:mixed\|eff:no\|tok:flores200\|smooth:exp\|version:ts:\S+ = 100\.0 /,
    );
  });

  it('prints chrF of a paired bootstrap as JSON, where Python fails on float32', () => {
    const result = run('ref.txt -i sys0.txt sys1.txt -m chrf -pbs -pbsn 20 -q'.split(' '));
    const rows = JSON.parse(result.stdout) as {
      system: string;
      chrF2: { p_value: number | null; mean: number };
    }[];
    expect(rows.map((row) => row.system)).toEqual(['Baseline: sys0.txt', 'sys1.txt']);
    expect(rows[0]!.chrF2.p_value).toBeNull();
    expect(rows[1]!.chrF2.mean).toBeGreaterThan(0);
  });

  it('draws anew with SACREBLEU_SEED=none', () => {
    const result = run('ref.txt -i sys0.txt -ci -cin 20 -f text'.split(' '), '', { SACREBLEU_SEED: 'None' });
    expect(result.stdout).toContain('|bs:20|seed:none|');
  });
});
