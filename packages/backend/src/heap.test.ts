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

  it('wastes at most an eighth of a small block beyond a cache line, and nothing of a large one', () => {
    const heap = new Heap(0, () => undefined);
    for (let words = 1; words < 3_000_000; words = Math.ceil(words * 1.07)) {
      const before = heap.statistics().used;
      heap.allocate(words);
      const bytes = heap.statistics().used - before;
      expect(bytes).toBeGreaterThanOrEqual(words * 4);
      expect(bytes).toBeLessThan(words * 4 * (words < 2 ** 14 ? 1.125 : 1) + 64);
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

  it('cuts large blocks from the lowest free range, and joins neighbours', () => {
    const heap = new Heap(0, () => undefined);
    const blocks = [1, 2, 3, 4].map(() => heap.allocate(100_000));
    const { reserved } = heap.statistics();
    for (const i of [1, 3, 2]) heap.release(blocks[i]!, 100_000); // alone, before the end, between two
    expect(heap.allocate(300_000)).toBe(blocks[1]);
    heap.release(blocks[0]!, 100_000);
    expect(heap.allocate(20_000)).toBe(blocks[0]);
    expect(heap.allocate(80_000)).toBe(blocks[0]! + 20_000);
    expect(heap.statistics().reserved).toBe(reserved);
  });

  it('grows a free range at the end by what is missing', () => {
    const ends: number[] = [];
    const heap = new Heap(0, (end) => ends.push(end));
    heap.release(heap.allocate(100_000), 100_000);
    heap.allocate(150_000);
    expect(ends).toEqual([100_000, 150_000]);
  });

  it('gives up when no range is large enough and there is no room for more', () => {
    const heap = new Heap(0, (end) => {
      if (end > 70_000) throw new RangeError('full');
    });
    const block = heap.allocate(60_000);
    heap.release(block, 60_000);
    expect(heap.allocate(20_000)).toBe(block);
    expect(() => heap.allocate(55_000)).toThrow('full');
    expect(heap.allocate(50_000)).toBe(block + 20_000);
  });
});
