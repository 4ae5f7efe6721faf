// The example of the root README runs and prints what its comment says.
import { readFileSync } from 'node:fs';
import * as core from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';

it('learns XOR as the README shows', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const promised = /console\.log\(.*\); \/\/ (.*)/.exec(block)![1];
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const names: Record<string, unknown> = { ...core, tf };
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  const run = new AsyncFunction(...Object.keys(names), block.replace(/^import .*$/gm, ''));
  await run(...Object.values(names));
  expect(log.mock.calls).toEqual([[promised]]);
});
