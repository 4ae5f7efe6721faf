// The allocator: alignment, no overlap, reuse, bounded waste, statistics.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from './heap.ts';

describe('Heap', () => {
  it('aligns blocks, keeps them apart and reuses them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.boolean()), { maxLength: 60 }),
        (requests) => {
          const heap = new Heap(7, () => undefined);
          const live: { offset: number; words: number }[] = [];
          for (const [words, release] of requests) {
            const offset = heap.allocate(words);
            expect(offset % 16).toBe(0);
            for (const other of live)
              expect(offset + words <= other.offset || other.offset + other.words <= offset).toBe(true);
            live.push({ offset, words });
            if (release && live.length > 1) {
              const block = live.shift() as { offset: number; words: number };
              heap.release(block.offset, block.words);
            }
          }
          for (const block of live) heap.release(block.offset, block.words);
          expect(heap.statistics()).toMatchObject({ used: 0, blocks: 0 });
        },
      ),
    );
  });

  it('wastes at most an eighth of a block beyond a cache line, of a megabyte or more a 32nd', () => {
    const heap = new Heap(0, () => undefined);
    for (let words = 1; words < 3_000_000; words = Math.ceil(words * 1.07)) {
      const before = heap.statistics().used;
      heap.allocate(words);
      const bytes = heap.statistics().used - before;
      expect(bytes).toBeGreaterThanOrEqual(words * 4);
      expect(bytes).toBeLessThanOrEqual(words * 4 * (words > 2 ** 18 ? 33 / 32 : 1.125) + 64);
    }
  });

  it('serves the same size from freed blocks', () => {
    const heap = new Heap(0, () => undefined);
    const first = heap.allocate(1000);
    heap.release(first, 1000);
    const { reserved } = heap.statistics();
    for (let i = 0; i < 100; ++i) heap.release(heap.allocate(1000), 1000);
    expect(heap.statistics().reserved).toBe(reserved);
    expect(heap.statistics().peak).toBeLessThanOrEqual(reserved);
  });

  it('asks for room before it hands out a block', () => {
    const ends: number[] = [];
    const heap = new Heap(0, (end) => {
      if (end > 1000) throw new RangeError('full');
      ends.push(end);
    });
    heap.allocate(500);
    expect(ends).toEqual([512]);
    expect(() => heap.allocate(600)).toThrow('full');
    expect(heap.statistics().used).toBe(2048);
  });

  it('lets a large block serve slightly smaller requests, and returns it to its class', () => {
    const heap = new Heap(0, () => undefined);
    const large = heap.allocate(100_000);
    heap.release(large, 100_000);
    const { reserved } = heap.statistics();
    const smaller = heap.allocate(85_000);
    expect(smaller).toBe(large);
    expect(heap.statistics().reserved).toBe(reserved);
    heap.release(smaller, 85_000);
    expect(heap.statistics().used).toBe(0);
    expect(heap.allocate(100_000)).toBe(large);
    expect(heap.allocate(40_000)).not.toBe(large);
  });

  it('takes any larger block before it gives up', () => {
    const heap = new Heap(0, (end) => {
      if (end > 70_000) throw new RangeError('full');
    });
    const block = heap.allocate(60_000);
    heap.release(block, 60_000);
    expect(heap.allocate(20_000)).toBe(block);
    expect(() => heap.allocate(20_000)).toThrow('full');
  });
});
