// Text of files, and lines of text from files and standard input.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DataError } from '@d2lts/core';

/** The text of a file; `what` names it in the error. @throws DataError when it cannot be read */
export async function readTextOf(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DataError({
      operation: 'd2l',
      fact: `the ${what} ${path} cannot be read`,
      advice: 'check the path',
      cause,
    });
  }
}

/** The lines of a file, without the empty one after the last line end. @throws DataError when it cannot be read */
export async function readLinesOf(path: string): Promise<string[]> {
  const lines = (await readTextOf(path, 'file')).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines of a stream, as they come. */
export function linesOfStream(input: NodeJS.ReadableStream): AsyncIterable<string> {
  return createInterface({ input, crlfDelay: Infinity });
}
