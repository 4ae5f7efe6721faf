import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openapi } from './openapi.ts';

test('openapi.json is what the schemas say (`npm run openapi -w apps/playground` writes it)', () => {
  const file: unknown = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
  expect(file).toEqual(JSON.parse(JSON.stringify(openapi)));
});
