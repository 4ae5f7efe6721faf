// The README's examples, run as written: every `console.log(...); // output` and every `$ command`.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagTable } from '../scripts/flags.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  Array.from(readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g')), (match) => match[1]!);
const source = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sacrebleu-ts-readme-'));
  mkdirSync(join(folder, 'bin'));
  await build({
    entryPoints: [source('cli.ts')],
    outfile: join(folder, 'bin/sacrebleu-ts.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const shims = { 'sacrebleu-ts': '"$@"', npx: '"${@:2}"' };
  for (const [name, args] of Object.entries(shims)) {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/bin/bash\nexec "${process.execPath}" "${folder}/bin/sacrebleu-ts.mjs" ${args}\n`);
    chmodSync(path, 0o755);
  }
  copyFileSync(new URL('./golden/bpe.model', import.meta.url), join(folder, 'flores200.model'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('code', () => {
  it.each(blocks('ts').map((code, i) => [i, code] as const))('example %i', async (i, code) => {
    const file = join(folder, `example${i}`);
    writeFileSync(`${file}.ts`, code);
    await build({
      entryPoints: [`${file}.ts`],
      outfile: `${file}.mjs`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      alias: {
        'sacrebleu-ts/node': source('node.ts'),
        'sacrebleu-ts/spm': source('spm.ts'),
        'sacrebleu-ts': source('index.ts'),
      },
    });
    const { SACREBLEU_SEED: _, ...env } = process.env;
    const result = spawnSync(process.execPath, [`${file}.mjs`], { cwd: folder, encoding: 'utf8', env });
    const expected = Array.from(code.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g), (match) => match[1]);
    expect(expected.length).toBeGreaterThan(0);
    expect([result.stdout.trimEnd().split('\n'), result.stderr]).toEqual([expected, '']);
  });
});

describe('console', () => {
  const sessions = blocks('console').join('').split(/^\$ /m).slice(1);
  it('runs', () => {
    expect(sessions.length).toBeGreaterThan(5);
    const { SACREBLEU_SEED: _, SACREBLEU_FORMAT: __, ...env } = process.env;
    for (const session of sessions) {
      const [command, ...output] = session.trimEnd().split('\n');
      const result = spawnSync('bash', ['-c', command!], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...env, PATH: `${folder}/bin:${process.env['PATH']}` },
      });
      expect(result.status, result.stderr).toBe(0);
      expect(result.stdout.trimEnd()).toBe(output.join('\n'));
    }
  });
});

describe('flags', () => {
  it('are all listed', () => {
    const cells = (table: string): string[] =>
      table
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.replace(/\s+/g, ' ').replace(/-{3,}/g, '---').trim());
    const listed = new Set(cells(readme));
    expect(cells(flagTable()).filter((row) => !listed.has(row))).toEqual([]);
  });
});
