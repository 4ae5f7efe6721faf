// Whole state dicts to and from safetensors files, as TensorFlow.js tensors.
import * as tf from '@tensorflow/tfjs-core';
import { FormatError } from '../errors/index.ts';
import { SafetensorsFile, unreadable } from './safetensorsFile.ts';
import type { SafetensorsDtype, TensorData } from './safetensorsTypes.ts';
import { writeTensorData, type FloatDtype } from './writeSafetensors.ts';

/** Tensors by name, as `Module.stateDict()` gives them. */
export type TensorDict = Record<string, tf.Tensor>;

export interface WriteSafetensorsOptions {
  /** How float tensors are stored: `F32` (default, exact), `F16` or `BF16` (half the size). */
  dtype?: FloatDtype;
  /** Strings for the header's `__metadata__`. */
  metadata?: Record<string, string>;
}

/**
 * Reads all tensors of a file. F16, BF16 and F64 become float32; integers become int32; BOOL stays bool. A tensor that
 * cannot be had so (integers beyond 32 bits, F8, F4, C64) is an error only when it is asked for: its property is not
 * enumerable, and throws when it is read. The caller disposes the tensors.
 *
 * @throws FormatError when the file is truncated, corrupt or hostile
 */
export async function readSafetensors(path: string): Promise<TensorDict> {
  const file = await SafetensorsFile.open(path);
  const tensors: TensorDict = {};
  try {
    for (const name of file.names) {
      try {
        define(tensors, name, toTensor(name, await file.read(name)));
      } catch (error) {
        if (!(error instanceof FormatError && error.code === 'ERR_TENSOR_TYPE')) throw error;
        defineUnreadable(tensors, name, error);
      }
    }
    return tensors;
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  } finally {
    await file.close();
  }
}

/** Writes tensors to a file, atomically and one at a time. Tensors are read, not disposed. */
export function writeSafetensors(
  path: string,
  tensors: Readonly<TensorDict>,
  options: WriteSafetensorsOptions = {},
): Promise<void> {
  const sources = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    dtype: storedDtype(name, tensor, options.dtype ?? 'F32'),
    shape: tensor.shape,
    data: () => tensor.data() as Promise<Float32Array | Int32Array | Uint8Array>,
  }));
  return writeTensorData(path, sources, options.metadata ?? {});
}

/** A tensor from host data; see `readSafetensors` for the types. */
export function toTensor(name: string, source: TensorData): tf.Tensor {
  const shape = [...source.shape];
  const { data } = source;
  if (source.dtype === 'BOOL') return tf.tensor(data as Uint8Array, shape, 'bool');
  if (data instanceof Float32Array) return tf.tensor(data, shape, 'float32');
  if (data instanceof Int32Array) return tf.tensor(data, shape, 'int32');
  if (data instanceof Float64Array) return tf.tensor(Float32Array.from(data), shape, 'float32');
  const integers = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    integers[i] = Number(data[i]);
    if (BigInt(integers[i]!) !== BigInt(data[i]!)) {
      throw unreadable(name, 'integers must fit in 32 bits', data[i]);
    }
  }
  return tf.tensor(integers, shape, 'int32');
}

/** Sets an own property even for names such as `__proto__`. */
function define(tensors: TensorDict, name: string, tensor: tf.Tensor): void {
  Object.defineProperty(tensors, name, {
    value: tensor,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function defineUnreadable(tensors: TensorDict, name: string, error: FormatError): void {
  const get = () => {
    throw error;
  };
  Object.defineProperty(tensors, name, { get, configurable: true });
}

function storedDtype(name: string, tensor: tf.Tensor, float: FloatDtype): SafetensorsDtype {
  if (tensor.dtype === 'float32') return float;
  if (tensor.dtype === 'int32') return 'I32';
  if (tensor.dtype === 'bool') return 'BOOL';
  throw new FormatError({
    operation: 'writeSafetensors',
    fact: `tensor ${JSON.stringify(name)}: its type must be float32, int32 or bool`,
    value: tensor.dtype,
  });
}
