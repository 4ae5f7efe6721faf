// The examples of a package's README as tests: they run as written and print what their comments say.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';

/**
 * One test for each `ts` block of `../README.md`, seen from `testFile` (its `import.meta.url`).
 * What a block logs must be what the comments after its `console.log` calls say.
 */
export function testReadmeExamples(testFile: string): void {
  const readme = readFileSync(new URL('../README.md', testFile), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);

  it('has an example', () => expect(blocks).not.toEqual([]));

  it.each(blocks.map((code, i): [number, string] => [i + 1, code]))('README example %i', async (i, code) => {
    const file = new URL(`./.readme${i}.mjs`, testFile);
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
}
