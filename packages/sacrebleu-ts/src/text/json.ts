// JSON laid out as Python's `json.dumps` does, so that the CLI's output can be compared byte for byte.

import { floatRepr } from './numbers.ts';

/** A float that prints with a point (`20.0`), as Python's floats do. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** What {@link dumps} accepts. */
export type PyJson = string | PyFloat | null | PyJson[] | { [key: string]: PyJson };

function quote(text: string, ascii: boolean): string {
  // JSON.stringify escapes the same characters as Python but for U+007F in ASCII mode and lone surrogates.
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/g, (c) =>
    c === '\u007f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `json.dumps(value, indent=indent, ensure_ascii=ascii)`. */
export function dumps(value: PyJson, indent: number, ascii: boolean, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value, ascii);
  if (value instanceof PyFloat) return floatRepr(value.value);
  const inner = '\n' + ' '.repeat(indent * (depth + 1));
  const outer = '\n' + ' '.repeat(indent * depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${value.map((item) => inner + dumps(item, indent, ascii, depth + 1)).join(',')}${outer}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${inner}${quote(key, ascii)}: ${dumps(item, indent, ascii, depth + 1)}`,
  );
  return entries.length === 0 ? '{}' : `{${entries.join(',')}${outer}}`;
}
