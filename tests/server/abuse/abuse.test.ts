// A fifth of the abuse; `npm run abuse -w apps/playground` runs all of it.
import { expect, test } from 'vitest';
import { runAbuse } from './abuse.ts';

test('two thousand wrong requests get a 4xx with a reason, and nothing breaks', async () => {
  const { failures, answers } = await runAbuse({ requests: 2000, seed: 1, stalls: false });
  expect(failures).toEqual([]);
  expect(Object.keys(answers)).toHaveLength(15);
});
