// The README's examples run as written and print what their comments say.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);

it.each(blocks.map((code, i): [number, string] => [i + 1, code]))('README example %i', async (i, code) => {
  const file = new URL(`./.readme${i}.mjs`, import.meta.url);
  const printed: string[] = [];
  const { log } = console;
  writeFileSync(file, code);
  console.log = (...values: unknown[]) =>
    void printed.push(values.map((v) => (typeof v === 'string' ? v : inspect(v))).join(' '));
  try {
    await import(/* @vite-ignore */ file.href);
  } finally {
    console.log = log;
    rmSync(file);
  }
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
  expect(printed).toEqual(expected);
});
