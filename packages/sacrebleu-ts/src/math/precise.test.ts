// exp and log against values computed with 60 digits by Python's decimal, then rounded.

import { describe, expect, it } from 'vitest';
import { exp, log } from './precise.ts';

describe('precise', () => {
  it('inverts where the engine need not', () => {
    expect(exp(log(97.5))).toBe(97.49999999999999);
  });

  it.each([
    [-0.46291185444660754, 0.6294481131152049],
    [-0.864085460427402, 0.42143679706809484],
    [-1.6829873575005938, 0.18581804114575465],
    [-11.969423729963413, 0.000006334981085161088],
    [2.410262769967261, 11.136887200093733],
  ])('exp(%f)', (x, expected) => expect(exp(x)).toBe(expected));

  it.each([
    [43.02325581395349, 3.761740802378808],
    [5.272407732864675, 1.6624871335239157],
    [10.687022900763358, 2.369030192402198],
    [21.464646464646464, 3.0664072312239274],
    [1e-3, -6.907755278982137],
  ])('log(%f)', (x, expected) => expect(log(x)).toBe(expected));

  it('keeps the special values', () => {
    expect([exp(0), exp(-1e10), exp(Infinity), log(1), log(0)]).toEqual([1, 0, Infinity, 0, -Infinity]);
    expect(log(-1)).toBeNaN();
  });
});
