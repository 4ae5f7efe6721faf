// Every error that the server can answer tells what to do, and when to come again.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ApiError } from './errors.ts';

/** What an error says where it is made: its status if one is given, its code and its sentence. */
const made =
  /(?:new ApiError\(\s*(\d+),|sendRawError\(\s*socket,\s*(\d+),|\b(?:conflict|refused)\()\s*'(\w+)',\s*(['`])([^]*?)(?<!\\)\4[,)\s]/g;

test('every sentence of the server ends with what to do', () => {
  const sources = new URL('..', import.meta.url);
  const said = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(api|engine|modes|server|training)\/.*(?<!\.test)\.ts$/.test(name))
    .flatMap((name) => Array.from(readFileSync(new URL(name, sources), 'utf8').matchAll(made)))
    .map(([, status, raw, code, , sentence]) => ({
      status: Number(status ?? raw),
      code,
      sentence: sentence!,
    }));
  expect(said.length).toBeGreaterThan(40);
  const steps =
    /; (and |to )?(add|ask|check|choose|close|delete|encode|leave|let|look|make|mend|open|pause|point|reload|report|resume|see|send|set|split|start|stop|take|train|translate|try|use|wait|GET|please)\b/i;
  for (const { code, sentence } of said) expect(sentence, code).toMatch(steps);
});

test('whoever is told to wait is told how long', () => {
  expect(new ApiError(503, 'a', 'b').retryAfter).toBeGreaterThan(0);
  expect(new ApiError(429, 'a', 'b', { retryAfter: 2 }).retryAfter).toBe(2);
  expect(new ApiError(404, 'a', 'b').retryAfter).toBeUndefined();
});
