import { expect, test } from 'vitest';
import { ModelCache } from './modelCache.ts';

test('loads once and lets the least recently used go', async () => {
  const events: string[] = [];
  const cache = new ModelCache(10);
  const get = (key: string, bytes = 4) =>
    cache.get(key, bytes, async () => {
      events.push(`+${key}`);
      return { dispose: () => events.push(`-${key}`) };
    });
  await get('a');
  await get('b');
  await get('a');
  await get('c');
  expect(events).toEqual(['+a', '+b', '-b', '+c']);
  await get('huge', 50);
  expect(cache.keys).toEqual(['huge']);
});
