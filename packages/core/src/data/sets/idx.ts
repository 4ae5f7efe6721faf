// The IDX format of MNIST-like image sets, and Fashion-MNIST.
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FormatError } from '../../errors/index.ts';
import type { LocateOptions } from '../registry/locate.ts';
import { dataRegistry } from './known.ts';

/** An array of bytes with its shape. */
export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

/** Images with labels. */
export interface ImageData {
  /** [count, rows, columns], 0 (black) to 255. */
  images: IdxArray;
  /** [count], 0 to 9. */
  labels: Uint8Array;
}

/** The book's names of the ten classes. */
export const fashionMnistLabels: readonly string[] =
  't-shirt,trouser,pullover,dress,coat,sandal,shirt,sneaker,bag,ankle boot'.split(',');

const maxBytes = 2 ** 28;

/** Parses an IDX file of bytes (type 0x08), checking its size. @throws FormatError */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const fail = (fact: string, value: unknown): never => {
    throw new FormatError({ operation: 'parseIdx', fact: `${name} ${fact}`, value });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== 8) {
    return fail('must be an IDX file of bytes, beginning 00 00 08', Array.from(bytes.subarray(0, 4)));
  }
  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (bytes.length < start) return fail('ends inside its header', bytes.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start !== size)
    return fail(`must hold ${size} values after its header`, bytes.length - start);
  return { shape, data: bytes.subarray(start) };
}

/** Loads Fashion-MNIST: 60,000 training or 10,000 test images of 28 × 28. */
export async function loadFashionMnist(
  part: 'train' | 'test',
  options: LocateOptions = {},
): Promise<ImageData> {
  const prefix = part === 'train' ? 'train' : 't10k';
  const read = async (name: string): Promise<IdxArray> => {
    const { path } = await dataRegistry.locate('fashion-mnist', [`${name}.gz`, name], options);
    const bytes = await readFile(path);
    return parseIdx(path.endsWith('.gz') ? await unpack(bytes, path) : bytes, path);
  };
  const images = await read(`${prefix}-images-idx3-ubyte`);
  const labels = await read(`${prefix}-labels-idx1-ubyte`);
  if (images.shape[0] !== labels.shape[0]) {
    throw new FormatError({
      operation: 'loadFashionMnist',
      fact: 'there must be as many images as labels',
      value: [images.shape[0], labels.shape[0]],
    });
  }
  return { images, labels: labels.data };
}

async function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new FormatError({ operation: 'loadFashionMnist', fact: `${path} cannot be unpacked`, cause });
  }
}
