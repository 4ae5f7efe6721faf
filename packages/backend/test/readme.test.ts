// The README's example runs and prints what the README says.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('runs the example of the README', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const [, code, printed] = /```ts\n(.*?)```\n\nprints\n\n```\n(.*?)```/s.exec(readme) as unknown as [
    string,
    string,
    string,
  ];
  mkdirSync(`${root}build`, { recursive: true });
  writeFileSync(`${root}build/readme.ts`, code);
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=@d2lts/source', 'build/readme.ts'],
    { cwd: root, encoding: 'utf8' },
  );
  expect(output).toBe(printed);
});
