// A corpus on disk: token ids as little-endian int32, read in pieces, so that it may be larger than memory.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { FormatError } from '@d2lts/core';
import type { TokenSource } from './tokenSource.ts';

const bytesPerToken = 4;

/**
 * Token ids in a file, four bytes each. Reading takes as much memory as is asked for, however long the file.
 *
 * @example
 * await TokenFile.write('corpus.tokens', encodeLines(readLines('corpus.txt'), (line) => tokenizer.encode(line)));
 * const file = TokenFile.open('corpus.tokens');
 * const loader = new SeqDataLoader(file, { batchSize: 32, numSteps: 64, rng: new Rng(1) });
 */
export class TokenFile implements TokenSource {
  readonly length: number;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {
    const { size } = fstatSync(descriptor);
    this.length = size / bytesPerToken;
  }

  /** Opens a file that `write` made. @throws FormatError when its size does not fit; close it after use */
  static open(path: string): TokenFile {
    const file = new TokenFile(path, openSync(path, 'r'));
    if (Number.isInteger(file.length)) return file;
    file.close();
    throw new FormatError({
      operation: 'TokenFile.open',
      fact: `${path} must hold four bytes a token`,
      value: file.length * bytesPerToken,
      advice: 'write it again',
    });
  }

  /** Writes ids as they come; the file appears when it is complete. Gives the number of tokens. */
  static async write(
    path: string,
    pieces: AsyncIterable<ArrayLike<number>> | Iterable<ArrayLike<number>>,
  ): Promise<number> {
    const partial = `${path}.partial`;
    const file = await open(partial, 'w');
    let count = 0;
    try {
      for await (const piece of pieces) {
        const bytes = Buffer.alloc(piece.length * bytesPerToken);
        for (let i = 0; i < piece.length; i++) bytes.writeInt32LE(piece[i]!, i * bytesPerToken);
        await file.writeFile(bytes);
        count += piece.length;
      }
      await file.sync();
      await file.close();
      await rename(partial, path);
    } catch (error) {
      await file.close();
      await rm(partial, { force: true });
      throw error;
    }
    return count;
  }

  read(start: number, count: number): Int32Array {
    const bytes = Buffer.alloc(count * bytesPerToken);
    if (readSync(this.descriptor, bytes, 0, bytes.length, start * bytesPerToken) < bytes.length) {
      throw new FormatError({
        operation: 'TokenFile.read',
        fact: `${this.path} must hold tokens ${start} to ${start + count - 1}`,
        value: this.length,
        advice: 'did it become shorter while it was open?',
      });
    }
    return Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(i * bytesPerToken));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** The ids of each line of a stream, in pieces for `TokenFile.write`. */
export async function* encodeLines(
  lines: AsyncIterable<string> | Iterable<string>,
  encode: (line: string) => ArrayLike<number>,
): AsyncGenerator<ArrayLike<number>> {
  for await (const line of lines) yield encode(line);
}
