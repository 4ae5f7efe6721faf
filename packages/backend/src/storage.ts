// The data of a tensor: a block of the heap with its references. TensorFlow.js sees it as the opaque dataId.
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** A block of the heap. */
export interface Block {
  readonly offset: number;
  readonly words: number;
}

/** How 16-bit numbers are to be read: the kernels' HalfKind in half.h. */
export const halfKinds = { float16: 1, bfloat16: 2 } as const;
export type HalfKind = keyof typeof halfKinds;

/** float32, int32 and bool data are words of the heap; strings and complex numbers live beside it. */
export class Storage {
  /** Where the block starts, in words; −1 without one. */
  offset: number;
  refCount = 1;
  /** Where float32 data are kept as 16-bit numbers instead (`offset` is −1 then), until a kernel needs them whole. */
  half: (Block & { readonly kind: HalfKind }) | undefined = undefined;
  /** Intermediates that a Grad kernel needs; freed with the data. */
  workspaces: Block[] | undefined = undefined;
  strings: Uint8Array[] | undefined = undefined;
  complex: { real: TensorInfo; imag: TensorInfo } | undefined = undefined;
  /** The backend that holds the data; null when they were freed or moved away. */
  owner: object | null;
  generation: number;
  /** Elements (words). */
  readonly size: number;
  readonly dtype: DataType;

  constructor(owner: object, generation: number, offset: number, size: number, dtype: DataType) {
    this.owner = owner;
    this.generation = generation;
    this.offset = offset;
    this.size = size;
    this.dtype = dtype;
  }
}
