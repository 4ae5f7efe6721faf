// The README's example runs.
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import * as bert from './index.ts';
import * as core from '@d2lts/core';

it('runs the example and prints a batch of two rows', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!.replace(/^import .*$/gm, '');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const names = { ...bert, Rng: core.Rng };
  const run = new Function(...Object.keys(names), code);
  run(...Object.values(names));
  expect(log.mock.calls[0]!.slice(0, 2)).toEqual([2, 32]);
});
