// A command whose reader has read enough ends at once and says nothing.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { bundle } from './bundle.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const script = here(`../../packages/cli/.d2l-${process.pid}.mjs`); // where the command finds its packages

it('d2l generate | head ends without a word', { timeout: 120_000 }, async () => {
  await bundle(here('../../packages/cli/src/main.ts'), script);
  onTestFinished(() => rm(script, { force: true }));
  const child = spawn(process.execPath, [script, 'generate', '--max-tokens', '100000000']);
  onTestFinished(() => void child.kill('SIGKILL'));
  let read = '';
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  child.stdout.on('data', (data: Buffer) => {
    read += data.toString();
    child.stdout.destroy();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(read).not.toBe('');
  expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
});
