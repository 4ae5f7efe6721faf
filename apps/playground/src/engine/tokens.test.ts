import { expect, test } from 'vitest';
import { topOf } from './tokens.ts';

test('finds the largest values in order', () => {
  expect(topOf(Float32Array.of(1, 5, 3, 5, Number.NEGATIVE_INFINITY), 3)).toEqual([1, 3, 2]);
  expect(topOf(Float32Array.of(1, Number.NEGATIVE_INFINITY), 3)).toEqual([0]);
});
