// Writing host data as a safetensors file: header first, then one tensor after the other, never all at once.
import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../errors/index.ts';
import { atomicWrite } from './atomicWrite.ts';
import { toBfloat16Bits, toFloat16Bits } from './halfFloats.ts';
import { isWellFormed } from './jsonReader.ts';
import { maxHeaderBytes } from './safetensorsHeader.ts';
import { allocate, dtypeBytes, sizeOf, type SafetensorsDtype, type TensorArray } from './safetensorsTypes.ts';

/** How float32 data is stored. */
export type FloatDtype = 'F32' | 'F16' | 'BF16';

/** A tensor whose data is fetched when its turn comes. */
export interface TensorSource {
  name: string;
  dtype: SafetensorsDtype;
  shape: readonly number[];
  data: () => TensorArray | Promise<TensorArray>;
}

const operation = 'writeSafetensors';
const chunkElements = 2 ** 18;

/** Writes a file atomically; larger element types come first so that all data is aligned, then by name. */
export async function writeTensorData(
  path: string,
  sources: readonly TensorSource[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const inOrder = sources.toSorted(
    (a, b) => dtypeBytes[b.dtype] - dtypeBytes[a.dtype] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const header = encodeHeader(inOrder, metadata);
  await atomicWrite(path, async (handle) => {
    await writeAll(handle, header);
    for (const source of inOrder) await writeTensor(handle, source);
  });
}

function encodeHeader(
  sources: readonly TensorSource[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const halved = [...sources.map(({ name }) => name), ...Object.entries(metadata).flat()].find(
    (text) => !isWellFormed(text),
  );
  if (halved !== undefined) {
    throw new FormatError({
      operation,
      fact: 'names and metadata must be whole characters, without half of a surrogate pair',
      value: halved,
    });
  }
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(['__metadata__', metadata]);
  const names = new Set(['__metadata__']);
  let position = 0;
  for (const { name, dtype, shape } of sources) {
    if (names.has(name)) {
      throw new FormatError({
        operation,
        fact: 'tensor names must be distinct and not __metadata__',
        value: name,
      });
    }
    names.add(name);
    const end = position + sizeOf(shape) * dtypeBytes[dtype];
    entries.push([name, { dtype, shape, data_offsets: [position, end] }]);
    position = end;
  }
  const json = entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join();
  const text = new TextEncoder().encode(`{${json}}`);
  // Spaces after the JSON align the data section to 8 bytes.
  const length = Math.ceil(text.byteLength / 8) * 8;
  if (length > maxHeaderBytes) {
    throw new FormatError({
      operation,
      fact: `names, shapes and metadata must fit in ${maxHeaderBytes} bytes`,
      value: length,
    });
  }
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

async function writeTensor(handle: FileHandle, source: TensorSource): Promise<void> {
  const data = await source.data();
  const expected = allocate(source.dtype, 0).constructor;
  if (data.constructor !== expected) {
    throw new FormatError({
      operation,
      fact: `tensor ${JSON.stringify(source.name)}: ${source.dtype} data must be a ${expected.name}`,
      value: data.constructor.name,
    });
  }
  if (data.length !== sizeOf(source.shape)) {
    throw new FormatError({
      operation,
      fact: `tensor ${JSON.stringify(source.name)}: data must have as many elements as its shape [${source.shape.join(', ')}]`,
      value: data.length,
    });
  }
  if (source.dtype === 'F16') await writeHalf(handle, data as Float32Array, toFloat16Bits);
  else if (source.dtype === 'BF16') await writeHalf(handle, data as Float32Array, toBfloat16Bits);
  else await writeAll(handle, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

async function writeHalf(
  handle: FileHandle,
  data: Float32Array,
  encode: (value: number) => number,
): Promise<void> {
  const buffer = new Uint16Array(Math.min(chunkElements, data.length));
  for (let at = 0; at < data.length; at += buffer.length) {
    const count = Math.min(buffer.length, data.length - at);
    for (let i = 0; i < count; i++) buffer[i] = encode(data[at + i]!);
    await writeAll(handle, new Uint8Array(buffer.buffer, 0, 2 * count));
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(bytes.byteLength - done, 2 ** 30));
    done += bytesWritten;
  }
}
