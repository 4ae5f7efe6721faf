// The package as published: packed, installed alone into an empty project, used in Node, as a command, in TypeScript,
// in a browser bundle and in a page that Vite builds (in Chromium, where there is one).

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, textOf } from './browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let project = '';

function run(command: string, args: readonly string[], cwd: string): string {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' },
  });
  expect(result.status, `${command} ${args.join(' ')}\n${result.stdout}${result.stderr}`).toBe(0);
  return result.stdout;
}

// Newest change below a folder, in ms.
function newest(path: string): number {
  const entries = readdirSync(path, { withFileTypes: true });
  return Math.max(
    ...entries.map((entry) =>
      entry.isDirectory() ? newest(join(path, entry.name)) : statSync(join(path, entry.name)).mtimeMs,
    ),
  );
}

function isBuilt(): boolean {
  try {
    const inputs = Math.max(newest(join(root, 'src')), statSync(join(root, 'tsdown.config.ts')).mtimeMs);
    return (
      statSync(join(root, 'dist/cli.js')).mtimeMs > inputs &&
      statSync(join(root, 'dist/index.d.ts')).mtimeMs > inputs
    );
  } catch {
    return false;
  }
}

/** The Vite that Vitest brings. */
function findVite(): string {
  const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
  return pathToFileURL(createRequire(vitest).resolve('vite')).href;
}

beforeAll(() => {
  if (!isBuilt()) run('npm', ['run', '--silent', 'build'], root);
  project = mkdtempSync(join(tmpdir(), 'sacrebleu-ts-pack-'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', project], root)) as {
    filename: string;
  }[];
  writeFileSync(
    join(project, 'package.json'),
    '{"name": "empty", "version": "1.0.0", "private": true, "type": "module"}',
  );
  run('npm', ['install', '--no-audit', '--no-fund', join(project, packed!.filename)], project);
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const EXAMPLE = `import { BLEU } from 'sacrebleu-ts';
export const score = new BLEU().corpusScore(['The dog bit the man.'], [['The dog had bit the man.']]).format({ signature: true });`;
const EXPECTED =
  /^BLEU\|nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:ts:\d+\.\d+\.\d+ = 51\.15 /;

describe('the installed package', () => {
  it('brings nothing but itself', () => {
    expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'sacrebleu-ts',
    ]);
    const files = readdirSync(join(project, 'node_modules/sacrebleu-ts'));
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
  });

  it('runs in Node', () => {
    writeFileSync(
      join(project, 'example.mjs'),
      `${EXAMPLE}\nimport 'sacrebleu-ts/spm';\nimport 'sacrebleu-ts/node';\nconsole.log(score);`,
    );
    expect(run(process.execPath, ['example.mjs'], project)).toMatch(EXPECTED);
  });

  it('runs as a command', () => {
    writeFileSync(join(project, 'ref.txt'), 'The dog had bit the man.\n');
    writeFileSync(join(project, 'sys.txt'), 'The dog bit the man.\n');
    expect(
      run(
        join(project, 'node_modules/.bin/sacrebleu-ts'),
        ['ref.txt', '-i', 'sys.txt', '-f', 'text', '-w', '2'],
        project,
      ),
    ).toMatch(EXPECTED);
  });

  it('has types', () => {
    const compiler = fileURLToPath(
      new URL('../../../node_modules/@typescript/native/bin/tsc', import.meta.url),
    );
    writeFileSync(
      join(project, 'typed.ts'),
      `import { BLEU, type BLEUScore } from 'sacrebleu-ts';\nimport { loadSentencePiece } from 'sacrebleu-ts/node';\nexport const score: BLEUScore = new BLEU().corpusScore(['a'], [['a', null]]);\nexport const tokenizer = loadSentencePiece('x', 'flores200');\n// @ts-expect-error\nnew BLEU({ tokenize: '14a' });\n`,
    );
    run(
      process.execPath,
      [
        compiler,
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--module',
        'nodenext',
        '--types',
        '',
        'typed.ts',
      ],
      project,
    );
  });

  it.each(['sacrebleu-ts', 'sacrebleu-ts/spm'])(
    'bundles %s for the browser, without node: imports',
    async (entry) => {
      const result = await build({
        stdin: { contents: `export * from '${entry}'`, resolveDir: project },
        bundle: true,
        format: 'esm',
        platform: 'browser',
        write: false,
        logLevel: 'silent',
      });
      expect(result.warnings).toEqual([]);
      expect(result.outputFiles[0]!.text).not.toMatch(/\bfrom\s*["']node:|require\(/);
    },
  );

  it('scores in a context with nothing of Node', async () => {
    const bundle = await build({
      stdin: { contents: EXAMPLE, resolveDir: project },
      bundle: true,
      format: 'iife',
      globalName: 'page',
      platform: 'browser',
      write: false,
    });
    mkdirSync(join(project, 'bare'));
    writeFileSync(
      join(project, 'bare/run.cjs'),
      `const vm = require('node:vm');\nconst { readFileSync } = require('node:fs');\nconsole.log(vm.runInNewContext(readFileSync('bare/page.js', 'utf8') + ';page.score', {}));`,
    );
    writeFileSync(join(project, 'bare/page.js'), bundle.outputFiles[0]!.text);
    expect(run(process.execPath, ['bare/run.cjs'], project)).toMatch(EXPECTED);
  });

  it('scores in a page that Vite builds', async () => {
    const page = join(project, 'page');
    mkdirSync(page);
    writeFileSync(
      join(page, 'index.html'),
      '<!doctype html><meta charset="utf-8"><output></output><script type="module" src="main.js"></script>',
    );
    writeFileSync(join(page, 'main.js'), `${EXAMPLE}\ndocument.querySelector('output').textContent = score;`);
    const vite = (await import(findVite())) as {
      build: (options: object) => Promise<{ output: { code?: string }[] }>;
    };
    const { output } = await vite.build({
      root: page,
      configFile: false,
      logLevel: 'error',
      build: { modulePreload: { polyfill: false } },
    });
    const shown = { textContent: '' };
    runInNewContext(output.find(({ code }) => code !== undefined)!.code!, {
      document: { querySelector: () => shown },
    });
    expect(shown.textContent).toMatch(EXPECTED);
    if (findChromium()) expect(await textOf(join(page, 'dist'), 'output')).toMatch(EXPECTED);
  }, 60_000);

  it('stays within 25 KB min+gzip without the optional tokenizers', () => {
    const sizes = run(process.execPath, [join(root, 'scripts/size.mjs'), '--check'], root);
    const size = (entry: string): string =>
      new RegExp(`^${entry}.* ([\\d.]+) KB min\\+gzip$`, 'm').exec(sizes)![1]!;
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
      `: ${size('everything')} KB for everything without the SentencePiece tokenizers (${size('SentencePiece')} KB more), ${size('BLEU')} KB for BLEU alone.`,
    );
  });
});
