// Reading and writing JSON files with checks and clear errors.
import { open } from 'node:fs/promises';
import { DataError, FormatError } from '../errors/index.ts';
import { atomicWrite, isMissing } from './atomicWrite.ts';

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

const maxBytes = 256 * 2 ** 20;

/** Reads a text file of at most 256 MiB. @throws DataError when there is none, FormatError when it is not UTF-8 */
export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) {
        throw new FormatError({
          operation: 'readText',
          fact: `${path} must be at most ${maxBytes} bytes`,
          value: size,
        });
      }
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new DataError({
      operation: 'readText',
      fact: `${path} does not exist`,
      advice: 'check the path',
      cause,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError({ operation: 'readText', fact: `${path} must be UTF-8`, cause });
  }
}

/** Reads a JSON file that holds an object. @throws DataError, FormatError */
export async function readJsonObject(path: string): Promise<JsonObject> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError({
      operation: 'readJsonObject',
      fact: `${path} must be JSON`,
      value: text.slice(0, 40),
      cause,
    });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new FormatError({
    operation: 'readJsonObject',
    fact: `${path} must hold a JSON object`,
    value: json,
  });
}

/** Writes indented JSON, atomically. */
export function writeJson(path: string, value: object): Promise<void> {
  return atomicWrite(path, `${JSON.stringify(value, null, 2)}\n`);
}
