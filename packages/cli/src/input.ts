// Lines of text from files and standard input.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DataError } from '@d2lts/core';

/** The lines of a file, without the empty one after the last line end. @throws DataError when it cannot be read */
export async function readLinesOf(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new DataError({
      operation: 'd2l',
      fact: `the file ${path} cannot be read`,
      advice: 'check the path',
      cause,
    });
  }
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines of a stream, as they come. */
export function linesOfStream(input: NodeJS.ReadableStream): AsyncIterable<string> {
  return createInterface({ input, crlfDelay: Infinity });
}
