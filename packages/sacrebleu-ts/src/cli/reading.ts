// Reading text as Python's sacreBLEU reads it: strict decoding, its line ends, its messages.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { reprString } from '../text/repr.ts';
import { InputError } from './errors.ts';

const ERRNO: Record<string, [number, string]> = {
  ENOENT: [2, 'No such file or directory'],
  EACCES: [13, 'Permission denied'],
  EISDIR: [21, 'Is a directory'],
  ENOTDIR: [20, 'Not a directory'],
};

/** Bytes of a file, unpacked if its name ends in `.gz`. */
export function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const [number, text] = ERRNO[code] ?? [0, code];
    throw new InputError([
      number ? `[Errno ${number}] ${text}: ${reprString(path)}` : `${text}: ${reprString(path)}`,
    ]);
  }
  if (!path.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    throw new InputError([`Not a gzipped file: ${reprString(path)}`]);
  }
}

/** Lines of a file: split at line feeds only. */
export function readLines(path: string, encoding: string): string[] {
  return splitLines(decode(readBytes(path), encoding, path), '\n');
}

/** Lines of standard input: split at line feeds, carriage returns, or both. */
export function readStandardInput(encoding: string): string[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(0);
  } catch {
    bytes = new Uint8Array(0);
  }
  return splitLines(decode(bytes, encoding, '<stdin>').replace(/\r\n?/g, '\n'), '\n');
}

function splitLines(text: string, end: string): string[] {
  if (text === '') return [];
  return (text.endsWith(end) ? text.slice(0, -1) : text).split(end);
}

/** Decodes strictly; on invalid UTF-8 the message is Python's, with the name of the source. */
export function decode(bytes: Uint8Array, encoding: string, source: string): string {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1', 'l1'].includes(name))
    return Buffer.from(bytes).toString('latin1');
  const label = { utf8: 'utf-8', 'utf-8-sig': 'utf-8', 'utf-16': 'utf-16le', ascii: 'utf-8' }[name] ?? name;
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: name !== 'utf-8-sig' && name !== 'utf-16' });
  } catch {
    throw new InputError([`unknown encoding: ${encoding}`]);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    const fault = label === 'utf-8' ? invalidUtf8(bytes) : { at: 0, reason: 'invalid data' };
    const byte = (bytes[fault.at] ?? 0).toString(16).padStart(2, '0');
    throw new InputError([
      `${source}: '${label}' codec can't decode byte 0x${byte} in position ${fault.at}: ${fault.reason}`,
    ]);
  }
}

/** Where UTF-8 first breaks, and why in Python's words. */
function invalidUtf8(bytes: Uint8Array): { at: number; reason: string } {
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!;
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0) return { at: i, reason: 'invalid start byte' };
    for (let j = 1; j < length; j++) {
      const next = bytes[i + j];
      if (next === undefined) return { at: i, reason: 'unexpected end of data' };
      if (!isContinuation(lead, next, j)) return { at: i, reason: 'invalid continuation byte' };
    }
    i += length;
  }
  return { at: 0, reason: 'invalid data' };
}

// The second byte also rules out overlong forms, surrogates and what lies beyond U+10FFFF.
function isContinuation(lead: number, byte: number, position: number): boolean {
  const low = position === 1 ? ({ 0xe0: 0xa0, 0xf0: 0x90 }[lead] ?? 0x80) : 0x80;
  const high = position === 1 ? ({ 0xed: 0x9f, 0xf4: 0x8f }[lead] ?? 0xbf) : 0xbf;
  return byte >= low && byte <= high;
}
