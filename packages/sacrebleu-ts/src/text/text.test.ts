// Whitespace, numbers, JSON and quoting as Python has them.

import { describe, expect, it } from 'vitest';
import { dumps, PyFloat } from './json.ts';
import { floatRepr, formatFixed } from './numbers.ts';
import { reprString } from './repr.ts';
import { collapseWhitespace, splitWords, trim, trimEnd } from './whitespace.ts';

describe('whitespace', () => {
  it('is what str.isspace says, U+FEFF excluded and U+001C-U+001F included', () => {
    expect(splitWords('\u3000a\x1cb\x85c\ufeffd\u200be\u00a0f\t\n')).toEqual([
      'a',
      'b',
      'c\ufeffd\u200be',
      'f',
    ]);
    expect(trim('\x1f a \x85')).toBe('a');
    expect(trimEnd(' a\u2028')).toBe(' a');
    expect(collapseWhitespace('  a \u2003 b ')).toBe('a b');
    expect(splitWords(' \u3000')).toEqual([]);
  });
});

describe('formatFixed', () => {
  it.each([
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [2.5, 0, '2'],
    [97.5, 0, '98'],
    [1.005, 2, '1.00'],
    [0, 1, '0.0'],
    [-0.25, 1, '-0.2'],
    [100, 3, '100.000'],
    [1e21, 1, '1000000000000000000000.0'],
    [0.1, 110, `0.1000000000000000055511151231257827021181583404541015625${'0'.repeat(55)}`],
    [NaN, 1, 'nan'],
    [-Infinity, 1, '-inf'],
  ])('%d with %i digits', (x, digits, expected) => expect(formatFixed(x, digits)).toBe(expected));
});

describe('floatRepr', () => {
  it.each([
    [20, '20.0'],
    [0.1, '0.1'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [-0, '-0.0'],
    [Infinity, 'Infinity'],
  ])('%d', (x, expected) => expect(floatRepr(x)).toBe(expected));
});

describe('dumps and repr', () => {
  it('lay out and escape as Python', () => {
    expect(dumps({ a: [new PyFloat(1), null, 'é\n'], b: [], c: {} }, 1, true)).toBe(
      '{\n "a": [\n  1.0,\n  null,\n  "\\u00e9\\n"\n ],\n "b": [],\n "c": {}\n}',
    );
    expect(dumps('é🙂\x7f', 1, true)).toBe('"\\u00e9\\ud83d\\ude42\x7f"');
    expect(dumps('é🙂', 1, false)).toBe('"é🙂"');
    expect([reprString('a'), reprString("it's"), reprString(`"it's"`), reprString('a\\b\n\x01')]).toEqual([
      "'a'",
      `"it's"`,
      `'"it\\'s"'`,
      "'a\\\\b\\n\\x01'",
    ]);
  });
});
