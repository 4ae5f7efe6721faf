// Philox against the Random123 reference vectors; the Rng's distributions, independence and exact restore.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng, philoxBlock, philoxFill } from './index.ts';

function block(counter: number[], key: number[]): string {
  const out = new Uint32Array(4);
  philoxBlock(out, 0, counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('philox4x32-10', () => {
  // Random123's kat_vectors file.
  it('gives the reference vectors', () => {
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    const ones = 0xffffffff;
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });

  it('agrees with a slow implementation in big integers', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
        let [k0, k1] = key.map(BigInt) as [bigint, bigint];
        const mask = 0xffffffffn;
        for (let round = 0; round < 10; round++) {
          const p = a * 0xd2511f53n;
          const q = c * 0xcd9e8d57n;
          [a, b, c, d] = [(q >> 32n) ^ b ^ k0, q & mask, (p >> 32n) ^ d ^ k1, p & mask];
          k0 = (k0 + 0x9e3779b9n) & mask;
          k1 = (k1 + 0xbb67ae85n) & mask;
        }
        const slow = [a, b, c, d].map((word) => word.toString(16).padStart(8, '0')).join(' ');
        expect(block(counter, key)).toBe(slow);
      }),
    );
  });

  it('fills any length with lane i & 3 of block i >> 2', () => {
    const long = philoxFill(new Uint32Array(11), [7, 9]);
    expect(block([2, 0, 0, 0], [7, 9]).startsWith(long[8]!.toString(16).padStart(8, '0'))).toBe(true);
    expect(philoxFill(new Uint32Array(10), [7, 9])).toEqual(long.slice(0, 10));
    expect(philoxFill(new Uint32Array(0), [7, 9])).toHaveLength(0);
  });
});

describe('Rng', () => {
  it('draws the words of its seed in counter order', () => {
    const rng = new Rng(2 ** 32 * 3 + 5);
    const words = philoxFill(new Uint32Array(600), [5, 3]);
    for (const word of words) expect(rng.uint32()).toBe(word);
  });

  it('restores exactly from JSON at any point', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(700), fc.nat(3), (seed, draws, normals) => {
        const rng = new Rng(seed);
        for (let i = 0; i < draws; i++) rng.uint32();
        for (let i = 0; i < normals; i++) rng.normal();
        const copy = new Rng(1);
        copy.restore(JSON.parse(JSON.stringify(rng.state())));
        expect(copy.state()).toEqual(rng.state());
        for (let i = 0; i < 300; i++) expect(copy.uint32()).toBe(rng.uint32());
        expect(copy.normal()).toBe(rng.normal());
      }),
      { numRuns: 50 },
    );
  });

  it('carries the counter into its high word', () => {
    const rng = new Rng(1);
    rng.restore({ key: [1, 0], counter: [0xffffffff, 0], position: 4, spare: null });
    for (let i = 0; i < 4; i++) rng.uint32();
    const first = rng.uint32();
    expect(block([0, 1, 0, 0], [1, 0]).startsWith(first.toString(16).padStart(8, '0'))).toBe(true);
    expect(rng.state().counter).toEqual([1, 1]);
    const copy = rng.clone();
    expect(copy.uint32()).toBe(rng.uint32());
  });

  it('has the moments of its distributions', () => {
    const rng = new Rng(0);
    const n = 100_000;
    const moments = (draw: () => number) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const x = draw();
        sum += x;
        squares += x * x;
      }
      return { mean: sum / n, variance: squares / n - (sum / n) ** 2 };
    };
    const uniform = moments(() => rng.uniform(2, 4));
    expect(Math.abs(uniform.mean - 3)).toBeLessThan(0.01);
    expect(Math.abs(uniform.variance - 1 / 3)).toBeLessThan(0.01);
    const normal = moments(() => rng.normal(1, 2));
    expect(Math.abs(normal.mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(normal.variance - 4)).toBeLessThan(0.08);
    const integer = moments(() => rng.integer(-2, 3));
    expect(Math.abs(integer.mean)).toBeLessThan(0.02);
    expect(Math.abs(integer.variance - 2)).toBeLessThan(0.04);
    const weights = [1, 0, 3];
    const category = moments(() => rng.categorical(weights));
    expect(Math.abs(category.mean - 1.5)).toBeLessThan(0.02);
    expect(Math.abs(moments(() => Number(rng.bernoulli(0.2))).mean - 0.2)).toBeLessThan(0.01);
  });

  it('permutes: every item once, every order equally often', () => {
    const rng = new Rng(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = rng.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(rng.shuffle(['a', 'b', 'c']).sort()).toEqual(['a', 'b', 'c']);
    expect(rng.permutation(0)).toHaveLength(0);
  });

  it('fills float arrays inside the interval', () => {
    const values = new Rng(9).fillUniform(new Float32Array(10_000), -0.5, 0.25);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.max(...values)).toBeLessThan(0.25);
    const far = new Rng(9).fillUniform(new Float32Array(10_000), 1e6, 1e6 + 0.25);
    expect(far.every((x) => x >= 1e6 && x < 1e6 + 0.25)).toBe(true);
    const one = new Rng(4);
    const other = new Rng(4);
    const filled = one.fillNormal(new Float32Array(7), 1, 3);
    for (const x of filled) expect(x).toBe(Math.fround(other.normal(1, 3)));
    expect(one.state()).toEqual(other.state());
  });

  it('splits into children that differ from the parent and each other', () => {
    const rng = new Rng(5);
    const children = [rng.split(), rng.split(), rng];
    const firsts = new Set(children.map((child) => child.uint32()));
    expect(firsts.size).toBe(3);
    const again = new Rng(5);
    expect(again.split().uint32()).toBe([...firsts][0]);
  });

  it('refuses bad seeds, ranges and states', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => new Rng(seed)).toThrow(/seed must be an integer/);
    expect(() => new Rng(1).integer(3, 3)).toThrow(/high - low/);
    expect(() => new Rng(1).categorical([0, 0])).toThrow(/positive/);
    expect(() => new Rng(1).restore({ key: [1, 2], counter: [0, 0], position: 9, spare: null })).toThrow(
      /Rng.restore/,
    );
    expect(() => new Rng(1).restore({ key: [1, 2], counter: [0, 0], position: 1, spare: null })).toThrow(
      /Rng.restore/,
    );
  });
});
