// The data types of safetensors files and the arrays that hold them in memory.

/** A tensor's element type by safetensors' name. */
export type SafetensorsDtype = keyof typeof dtypeBytes;

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
  dtype: SafetensorsDtype;
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
