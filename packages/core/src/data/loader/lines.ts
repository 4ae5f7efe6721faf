// Lines of text files: a stream for files of any size, also compressed, and random access by an index of offsets.
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { DataError, FormatError } from '../../errors/index.ts';
import type { Dataset, StreamDataset } from './dataset.ts';

const maxLineBytes = 2 ** 20;

/** The lines of a UTF-8 file, one at a time, without line ends; `.gz` is unpacked on the way. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of readChunks(path)) {
    const parts = (rest + decode(decoder, path, chunk)).split('\n');
    rest = parts.pop()!;
    checkLine(path, rest.length);
    for (const line of parts) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decode(decoder, path);
  if (rest !== '') yield rest;
}

/** A text file as a stream data set of lines. */
export function lineStream(path: string): StreamDataset<string> {
  return { stream: () => readLines(path) };
}

/** The lines of an uncompressed file by index: only 8 bytes a line stay in memory. Close it after use. */
export class LineFile implements Dataset<string> {
  readonly length: number;
  private readonly path: string;
  private readonly starts: Float64Array;
  private readonly descriptor: number;

  private constructor(path: string, starts: Float64Array) {
    this.path = path;
    this.starts = starts;
    this.length = starts.length - 1;
    this.descriptor = openSync(path, 'r');
  }

  /** Reads through the file once to find where lines start. */
  static async open(path: string): Promise<LineFile> {
    let starts = new Float64Array(1024);
    let count = 1;
    let size = 0;
    const add = (position: number) => {
      if (count === starts.length) {
        const larger = new Float64Array(2 * count);
        larger.set(starts);
        starts = larger;
      }
      checkLine(path, position - starts[count - 1]!);
      starts[count++] = position;
    };
    for await (const chunk of readChunks(path)) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) add(size + at + 1);
      size += chunk.length;
    }
    if (starts[count - 1]! < size) add(size);
    return new LineFile(path, starts.slice(0, count));
  }

  get(index: number): string {
    const start = this.starts[index]!;
    const bytes = Buffer.alloc(this.starts[index + 1]! - start);
    if (readSync(this.descriptor, bytes, 0, bytes.length, start) < bytes.length) {
      throw new FormatError({
        operation: 'LineFile.get',
        fact: `${this.path} became shorter while it was open`,
      });
    }
    const line = bytes.toString('utf8').replace(/\r?\n$/, '');
    return index === 0 ? line.replace(/^\uFEFF/, '') : line;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 2 ** 18 });
  const unpacked = path.endsWith('.gz') ? createGunzip() : undefined;
  // `pipe` does not pass errors on.
  file.on('error', (error) => unpacked?.destroy(error));
  try {
    yield* (unpacked ? file.pipe(unpacked) : file) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new DataError({
      operation: 'readLines',
      fact: `${path} cannot be read (${(cause as Error).message})`,
      cause,
    });
  } finally {
    file.destroy();
    unpacked?.destroy();
  }
}

function decode(decoder: TextDecoder, path: string, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new FormatError({ operation: 'readLines', fact: `${path} must be UTF-8 text`, cause });
  }
}

function checkLine(path: string, length: number): void {
  if (length <= maxLineBytes) return;
  throw new FormatError({
    operation: 'readLines',
    fact: `a line of ${path} must have at most ${maxLineBytes} bytes`,
    value: length,
    advice: 'is it a text file?',
  });
}
