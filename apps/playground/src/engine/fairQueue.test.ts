import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../api/errors.ts';
import { FairQueue } from './fairQueue.ts';

test('serves clients in turn', () => {
  const queue = new FairQueue<string>(10, 10);
  for (const item of ['a1', 'a2', 'a3']) queue.push('a', item);
  queue.push('b', 'b1');
  expect([queue.shift(), queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
    'a1',
    'b1',
    'a2',
    'a3',
    undefined,
  ]);
});

test('refuses beyond its bounds with the time to wait', () => {
  const queue = new FairQueue<number>(3, 2);
  queue.push('a', 1);
  queue.push('a', 2);
  expect(() => queue.push('a', 3)).toThrow(
    expect.objectContaining({ status: 429, retryAfter: 2 }) as ApiError,
  );
  queue.push('b', 4);
  expect(() => queue.push('c', 5)).toThrow(
    expect.objectContaining({ status: 503, retryAfter: 3 }) as ApiError,
  );
  expect(queue.size).toBe(3);
});

test('the order told is the order served, and removing works anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 30 }), fc.nat(), (clients, which) => {
      const queue = new FairQueue<number>(100, 100);
      clients.forEach((client, item) => queue.push(String(client), item));
      const told = queue.inOrder();
      expect(clients.map(() => queue.shift())).toEqual(told);
      expect(queue.inOrder()).toEqual([]);

      clients.forEach((client, item) => queue.push(String(client), item));
      const item = which % clients.length;
      expect(queue.remove(item)).toBe(true);
      expect(queue.remove(item)).toBe(false);
      expect(queue.inOrder()).not.toContain(item);
      expect(queue.size).toBe(clients.length - 1);
    }),
  );
});
