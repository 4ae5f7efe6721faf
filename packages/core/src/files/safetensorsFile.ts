// Reading a safetensors file tensor by tensor, through a file handle: no more in memory than the tensor asked for.
import { open, type FileHandle } from 'node:fs/promises';
import { FormatError } from '../errors/index.ts';
import { decodeBfloat16, decodeFloat16 } from './halfFloats.ts';
import { headerLength, parseHeader, type SafetensorsHeader } from './safetensorsHeader.ts';
import {
  allocate,
  isReadable,
  sizeOf,
  type StoredDtype,
  type TensorArray,
  type TensorData,
  type TensorEntry,
} from './safetensorsTypes.ts';

const operation = 'openSafetensors';
const chunkElements = 2 ** 18;

/**
 * An open safetensors file. Close it after use.
 *
 * @example
 * const file = await SafetensorsFile.open('model.safetensors');
 * const { shape, data } = await file.read('encoder.embedding.weight');
 * await file.close();
 */
export class SafetensorsFile {
  readonly path: string;
  private readonly handle: FileHandle;
  private readonly header: SafetensorsHeader;
  private readonly dataStart: number;

  private constructor(path: string, handle: FileHandle, header: SafetensorsHeader, dataStart: number) {
    this.path = path;
    this.handle = handle;
    this.header = header;
    this.dataStart = dataStart;
  }

  /** Opens a file and checks its whole header. @throws FormatError when it is truncated, corrupt or hostile */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path, 'r');
    try {
      const where = `${operation} ${path}`;
      const { size } = await handle.stat();
      const prefix = new Uint8Array(8);
      const { bytesRead } = await handle.read(prefix, 0, 8, 0);
      const length = headerLength(prefix.subarray(0, bytesRead), size, where);
      const text = new Uint8Array(length);
      await readExactly(handle, text, 8, where);
      const header = parseHeader(text, size - 8 - length, where);
      return new SafetensorsFile(path, handle, header, 8 + length);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The names of the tensors, in the header's order. */
  get names(): string[] {
    return [...this.header.entries.keys()];
  }

  /** The strings of `__metadata__`. */
  get metadata(): Readonly<Record<string, string>> {
    return this.header.metadata;
  }

  /** A tensor's type and shape without reading it. */
  info(name: string): { dtype: StoredDtype; shape: readonly number[] } {
    const { dtype, shape } = this.entry(name);
    return { dtype, shape };
  }

  /**
   * Reads one tensor; F16 and BF16 come as float32, the other types as they are.
   *
   * @throws FormatError (code `ERR_TENSOR_TYPE`) for the types of 8 and fewer bits that are no integers, and for C64
   */
  async read(name: string): Promise<TensorData> {
    const { dtype, shape, begin } = this.entry(name);
    if (!isReadable(dtype)) {
      throw unreadable(name, 'its type must be one that an array can hold', dtype);
    }
    const data = allocate(dtype, sizeOf(shape));
    const position = this.dataStart + begin;
    if (dtype === 'F16') await this.decode(data as Float32Array, position, decodeFloat16);
    else if (dtype === 'BF16') await this.decode(data as Float32Array, position, decodeBfloat16);
    else await readExactly(this.handle, bytesOf(data), position, this.path);
    return { dtype, shape, data };
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private entry(name: string): TensorEntry {
    const entry = this.header.entries.get(name);
    if (entry) return entry;
    throw new FormatError({
      operation: `SafetensorsFile ${this.path}`,
      fact: 'there is no tensor of this name',
      value: name,
      argument: 'name',
    });
  }

  private async decode(
    target: Float32Array,
    position: number,
    decode: (source: Uint16Array, target: Float32Array, at: number) => void,
  ): Promise<void> {
    const buffer = new Uint16Array(Math.min(chunkElements, target.length));
    for (let at = 0; at < target.length; at += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, target.length - at));
      await readExactly(this.handle, bytesOf(chunk), position + 2 * at, this.path);
      decode(chunk, target, at);
    }
  }
}

/** The error for a tensor that stands rightly in its file and cannot be had here. */
export function unreadable(name: string, fact: string, value: unknown): FormatError {
  return new FormatError({
    operation: 'readSafetensors',
    fact: `tensor ${JSON.stringify(name)}: ${fact}`,
    value,
    code: 'ERR_TENSOR_TYPE',
  });
}

function bytesOf(array: TensorArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

async function readExactly(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  where: string,
): Promise<void> {
  let done = 0;
  while (done < target.byteLength) {
    // At most 1 GiB a call: larger reads are cut by some systems.
    const wanted = Math.min(target.byteLength - done, 2 ** 30);
    const { bytesRead } = await handle.read(target, done, wanted, position + done);
    if (bytesRead === 0) {
      throw new FormatError({
        operation: where,
        fact: 'the file ended while it was read',
        value: position + done,
      });
    }
    done += bytesRead;
  }
}
