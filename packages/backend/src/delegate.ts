// Every other TensorFlow.js kernel: the cpu backend's implementation on copies of the same data.
import { createRequire } from 'node:module';
import {
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { D2LBackend } from './backend.ts';

/** What is needed of `@tensorflow/tfjs-backend-cpu`. */
export interface CpuModule {
  MathBackendCPU: new () => MathBackendCPU;
}

let cpuModule: CpuModule | undefined;
let cpu: MathBackendCPU | undefined;

/** Gives the cpu backend's module to use (bundles, browsers); otherwise Node requires it when first needed. */
export function provideCpu(module: CpuModule): void {
  cpuModule = module;
  cpu = undefined;
}

function cpuBackend(): MathBackendCPU {
  if (cpu) return cpu;
  cpuModule ??= createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu') as CpuModule;
  cpu = new cpuModule.MathBackendCPU();
  (cpu as unknown as { firstUse: boolean }).firstUse = false; // no advertisement for tfjs-node
  return cpu;
}

/** Hands a tensor to the cpu backend; the values are a view of our heap, which its kernels only read. */
function lend(backend: D2LBackend, cpu: MathBackendCPU, tensor: TensorInfo): TensorInfo {
  const storage = backend.storage(tensor);
  if (storage.complex) {
    const dataId = cpu.write(null as unknown as TypedArray, tensor.shape, 'complex64');
    cpu.data.get(dataId).complexTensorInfos = {
      real: lend(backend, cpu, storage.complex.real),
      imag: lend(backend, cpu, storage.complex.imag),
    };
    return { dataId, shape: tensor.shape, dtype: 'complex64' };
  }
  const { f32, i32 } = backend.library;
  const end = storage.offset + storage.size;
  let values: TypedArray | Uint8Array[];
  if (storage.strings) values = storage.strings;
  else if (tensor.dtype === 'float32') values = f32.subarray(storage.offset, end);
  else if (tensor.dtype === 'int32') values = i32.subarray(storage.offset, end);
  else values = Uint8Array.from(i32.subarray(storage.offset, end));
  // Some kernels ask for a tensor's rank, which only tensors have.
  return {
    dataId: cpu.write(values, tensor.shape, tensor.dtype),
    shape: tensor.shape,
    dtype: tensor.dtype,
    rank: tensor.shape.length,
  } as TensorInfo;
}

/** Copies a result of the cpu backend into our heap. */
function take(backend: D2LBackend, cpu: MathBackendCPU, result: TensorInfo): TensorInfo {
  const { shape, dtype, dataId } = result;
  const data = cpu.data.get(dataId);
  if (data.complexTensorInfos) {
    const { real, imag } = data.complexTensorInfos;
    return backend.complex(take(backend, cpu, real), take(backend, cpu, imag), shape);
  }
  return { dataId: backend.write(data.values as TypedArray, shape, dtype), shape, dtype };
}

function lendAll(backend: D2LBackend, cpu: MathBackendCPU, inputs: NamedTensorInfoMap): NamedTensorInfoMap {
  const lent = new Map<object, TensorInfo>();
  const one = (tensor: TensorInfo): TensorInfo => {
    const known = lent.get(tensor.dataId);
    const copy =
      known?.dtype === tensor.dtype
        ? ({ ...known, shape: tensor.shape, rank: tensor.shape.length } as TensorInfo)
        : lend(backend, cpu, tensor);
    lent.set(tensor.dataId, copy);
    return copy;
  };
  if (Array.isArray(inputs)) return inputs.map(one) as unknown as NamedTensorInfoMap;
  const result: NamedTensorInfoMap = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (Array.isArray(value)) result[name] = (value as TensorInfo[]).map(one) as unknown as TensorInfo;
    else if (value != null) result[name] = one(value);
    else result[name] = value;
  }
  return result;
}

/** Runs the cpu backend's kernel of this name. */
export function delegate(
  backend: D2LBackend,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): TensorInfo | TensorInfo[] {
  const cpu = cpuBackend();
  const kernel = getKernel(name, 'cpu');
  if (!kernel)
    throw new Error(`Kernel '${name}' not registered for backend '${backend.library.kind}' nor for 'cpu'`);
  const result = (kernel.kernelFunc as KernelFunc)({
    inputs: lendAll(backend, cpu, inputs),
    attrs,
    backend: cpu,
  });
  return Array.isArray(result) ? result.map((one) => take(backend, cpu, one)) : take(backend, cpu, result);
}
