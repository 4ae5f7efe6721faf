// The data types of safetensors files and the arrays that hold them in memory.

/** An element type that can be read and written, by safetensors' name. */
export type SafetensorsDtype = keyof typeof dtypeBytes;

/** Any element type that a file may hold. */
export type StoredDtype = SafetensorsDtype | keyof typeof otherBits;

/** Bytes of one element. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

/** Bits of one element of the types that no array here can hold. */
const otherBits = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  C64: 64,
} as const;

/** Bits of one element, undefined for what is no type of safetensors. */
export function elementBits(dtype: string): number | undefined {
  if (isReadable(dtype as StoredDtype)) return 8 * dtypeBytes[dtype as SafetensorsDtype];
  return Object.hasOwn(otherBits, dtype) ? otherBits[dtype as keyof typeof otherBits] : undefined;
}

/** Whether arrays here can hold a type. */
export function isReadable(dtype: StoredDtype): dtype is SafetensorsDtype {
  return Object.hasOwn(dtypeBytes, dtype);
}

/** The array types that raw tensor data comes in; 16-bit floats are decoded to float32. */
export type TensorArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | BigUint64Array
  | BigInt64Array
  | Float64Array;

/** A tensor on the host: row-major data with its shape and the type it has, or is to have, in the file. */
export interface TensorData {
  dtype: SafetensorsDtype;
  shape: readonly number[];
  data: TensorArray;
}

/** Where a tensor's bytes lie in the file. */
export interface TensorEntry {
  dtype: StoredDtype;
  shape: number[];
  /** Byte range in the data section, which follows the header. */
  begin: number;
  end: number;
}

/** An array of the type that holds a dtype in memory. */
export function allocate(dtype: SafetensorsDtype, length: number): TensorArray {
  switch (dtype) {
    case 'BOOL':
    case 'U8':
      return new Uint8Array(length);
    case 'I8':
      return new Int8Array(length);
    case 'U16':
      return new Uint16Array(length);
    case 'I16':
      return new Int16Array(length);
    case 'U32':
      return new Uint32Array(length);
    case 'I32':
      return new Int32Array(length);
    case 'F16':
    case 'BF16':
    case 'F32':
      return new Float32Array(length);
    case 'U64':
      return new BigUint64Array(length);
    case 'I64':
      return new BigInt64Array(length);
    case 'F64':
      return new Float64Array(length);
  }
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
