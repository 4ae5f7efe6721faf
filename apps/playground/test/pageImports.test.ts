// The page's bundle holds nothing of the server and the worker, however a mode's files import each other.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);

/** What a file imports when it runs: types are gone by then. */
const importsOf = (file: URL) =>
  Array.from(
    readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)(?! type\b)(?:[^;']*? from)? '([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
    ([, whole, lazy]) => (whole ?? lazy)!,
  );

test('the page imports no validation, no model, no server', () => {
  const files = readdirSync(new URL('app/', root)).filter((name) => name.endsWith('.tsx'));
  const waiting = files.map((name) => new URL(`app/${name}`, root));
  const found = new Set<string>();
  const packages = new Set<string>();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (found.has(file.href)) continue;
    found.add(file.href);
    for (const name of importsOf(file)) {
      if (!name.startsWith('.')) packages.add(name);
      else if (/\.tsx?$/.test(name)) waiting.push(new URL(name, file));
    }
  }
  const names = [...found].map((href) => href.slice(root.href.length));
  for (const reached of [
    'src/modes/contracts.ts',
    'src/modes/translate/why/Why.tsx',
    'src/modes/train/Page.tsx',
  ])
    expect(names).toContain(reached);
  const foreign = /^src\/(?:engine|server|training)\/|^src\/modes\/(?:.*\/)?(?:engines?|routes|schema)\.ts$/;
  expect(names.filter((name) => foreign.test(name))).toEqual([]);
  expect([...packages].filter((name) => !/^(?:react|next)(?:-dom)?(?:\/|$)/.test(name))).toEqual([]);
});
