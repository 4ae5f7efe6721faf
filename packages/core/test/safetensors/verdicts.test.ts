// The reference library's verdicts on mutated files (golden/verdicts.json, recorded by fuzz.ts) are ours, without leaks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { useBackend } from '../../src/index.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { readBytes } from './read.ts';

const cases = JSON.parse(readFileSync(new URL('golden/verdicts.json', import.meta.url), 'utf8')) as string[];

beforeAll(async () => {
  await useBackend();
});

it('accepts and refuses what the reference library does', async () => {
  const path = join(await temporaryFolder(), 'file');
  for (const recorded of cases) {
    const [verdict, data] = recorded.split(' ') as [string, string];
    const bytes = Buffer.from(data, 'base64');
    const { accepted } = await readBytes(path, bytes);
    expect(accepted, JSON.stringify(bytes.toString())).toBe(verdict === '1');
  }
});
