// The TensorFlow.js backend over one library of kernels. A tensor's dataId is its Storage.
import {
  backend_util,
  type BackendTimingInfo,
  type DataId,
  type DataType,
  engine,
  KernelBackend,
  type Tensor,
  type TensorInfo,
  util,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Call } from './call.ts';
import { globalNorm, optimizerStep, scaleInPlace } from './fused/optimizers.ts';
import type { FusedBackend, ParameterUpdate } from './fused/types.ts';
import type { Library } from './library.ts';
import { type Block, type HalfKind, halfKinds, Storage } from './storage.ts';

type Values = backend_util.BackendValues;

/** Bytes a tensor of this type and the heap's words agree on: everything but strings and complex numbers. */
function onHeap(dtype: DataType): boolean {
  return dtype !== 'string' && dtype !== 'complex64';
}

/** Copies values into words of the heap. */
function fill(library: Library, storage: Storage, values: Values): void {
  const target = storage.dtype === 'float32' ? library.f32 : library.i32;
  if (values.length > storage.size)
    throw new Error(`write: ${values.length} values do not fit a tensor of ${storage.size}`);
  target.set(values as ArrayLike<number>, storage.offset);
}

export class D2LBackend extends KernelBackend implements FusedBackend {
  readonly library: Library;
  #dataIds = 0;
  #generation = 0;
  // Data that came from other backends keep their own dataId.
  #adopted = new WeakMap<DataId, Storage>();

  constructor(library: Library) {
    super();
    this.library = library;
  }

  // ---- for kernels ----

  /** The opcode of a C++ kernel of ops.def; throws MissingKernelError when this build lacks it. */
  op(name: string): number {
    return this.library.op(name);
  }

  /** The storage of a tensor; data of other backends move here first, and 16-bit numbers become floats for good. */
  storage(tensor: { dataId: DataId }): Storage {
    const storage = this.#located(tensor);
    if (storage.half !== undefined) this.#widen(storage, storage.half);
    return storage;
  }

  /** Where a tensor's numbers are, and which HalfKind of half.h they have; for kernels that can read 16-bit numbers. */
  weights(tensor: { dataId: DataId }): { offset: number; kind: number } {
    const { half, offset } = this.#located(tensor);
    return half === undefined ? { offset, kind: 0 } : { offset: half.offset, kind: halfKinds[half.kind] };
  }

  /** A new tensor with arbitrary contents, to be filled by a kernel. */
  output(
    shape: number[],
    dtype: DataType = 'float32',
    size: number = util.sizeFromShape(shape),
  ): TensorInfo & { dataId: Storage } {
    return { dataId: this.allocate(size, dtype), shape, dtype };
  }

  /** A complex tensor that takes over its two parts. */
  complex(real: TensorInfo, imag: TensorInfo, shape: number[]): TensorInfo {
    const storage = this.allocate(0, 'complex64');
    storage.complex = { real, imag };
    return { dataId: storage, shape, dtype: 'complex64' };
  }

  /** The same data under another shape or type; counts one more reference. */
  alias(tensor: TensorInfo, shape: number[], dtype: DataType = tensor.dtype): TensorInfo {
    const storage = this.#located(tensor);
    storage.refCount += 1;
    return { dataId: tensor.dataId, shape, dtype };
  }

  /** Gives back a tensor that a kernel made for itself. */
  release(tensor: { dataId: DataId }): void {
    this.disposeData(tensor.dataId);
  }

  /** A workspace of `words` words that lives as long as the tensor's data, for its Grad kernel. */
  workspace(tensor: { dataId: DataId }, words: number): Block {
    const block = { offset: this.library.heap.allocate(words), words };
    (this.storage(tensor).workspaces ??= []).push(block);
    return block;
  }

  /** The workspaces attached to a tensor's data, in the order they were made. */
  workspaces(tensor: { dataId: DataId }): Block[] {
    return this.storage(tensor).workspaces ?? [];
  }

  /** A block for the duration of a kernel; give it back with `freeBlock`. */
  block(words: number): Block {
    return { offset: this.library.heap.allocate(words), words };
  }
  freeBlock(block: Block): void {
    this.library.heap.release(block.offset, block.words);
  }

  /** Fills a tensor with one value, by the `fill` kernel. */
  fillWords(opcode: number, tensor: TensorInfo, value: number): void {
    const storage = this.storage(tensor);
    if (storage.size === 0) return;
    const call = this.begin(opcode).tensor(storage).int(storage.size);
    if (tensor.dtype === 'float32') call.float(value).run();
    else call.int(value).run();
  }

  /** A run of a tensor that is kept as 16-bit numbers, kept alike; undefined where it is not or words do not hold it. */
  halfSlice(tensor: { dataId: DataId }, begin: number, size: number): Storage | undefined {
    const { half, dtype } = this.#located(tensor);
    if (half === undefined || size === 0 || begin % 2 !== 0 || size % 2 !== 0) return undefined;
    const words = size / 2;
    const part = new Storage(this, this.#generation, -1, size, dtype);
    part.half = { offset: this.library.heap.allocate(words), words, kind: half.kind };
    this.#dataIds += 1;
    const from = half.offset + begin / 2;
    this.library.i32.copyWithin(part.half.offset, from, from + words);
    return part;
  }

  /** Starts a call; allocate everything before. */
  begin(opcode: number): Call {
    return this.library.call.begin(opcode);
  }

  /** The tensor's words as a view of the heap, valid until the next allocation. */
  floats(tensor: { dataId: DataId }): Float32Array {
    const storage = this.storage(tensor);
    return this.library.f32.subarray(storage.offset, storage.offset + storage.size);
  }
  integers(tensor: { dataId: DataId }): Int32Array {
    const storage = this.storage(tensor);
    return this.library.i32.subarray(storage.offset, storage.offset + storage.size);
  }

  /**
   * The storage of a variable about to be updated in place. When clones or reshaped views share it, the variable
   * gets a copy of its own first, so that the update shows in the variable only.
   */
  ownStorage(variable: Variable): Storage {
    const storage = this.storage(variable);
    if (storage.refCount <= 1) return storage;
    const copy = this.output(variable.shape, variable.dtype);
    this.library.f32.copyWithin(copy.dataId.offset, storage.offset, storage.offset + storage.size);
    const tensor = engine().makeTensorFromTensorInfo(copy, this);
    variable.assign(tensor);
    tensor.dispose();
    return copy.dataId;
  }

  narrow(variable: Variable, kind: HalfKind): void {
    if (variable.dtype !== 'float32' || this.#located(variable).half?.kind === kind) return;
    const storage = this.ownStorage(variable);
    if (storage.size === 0) return;
    const words = Math.ceil(storage.size / 2);
    const half = { offset: this.library.heap.allocate(words), words, kind };
    const call = this.begin(this.op('narrow')).tensor(half).tensor(storage).int(storage.size);
    call.int(halfKinds[kind]).run();
    this.library.heap.release(storage.offset, storage.size);
    storage.offset = -1;
    storage.half = half;
  }

  filled(shape: readonly number[], fill: (values: Float32Array) => void): Tensor {
    const tensor = engine().makeTensorFromTensorInfo(this.output([...shape]), this);
    try {
      fill(this.floats(tensor));
    } catch (error) {
      tensor.dispose();
      throw error;
    }
    return tensor;
  }

  copyTo(tensor: Tensor, values: Float32Array): void {
    values.set(this.floats(tensor));
  }

  optimizerStep(updates: readonly ParameterUpdate[]): void {
    optimizerStep(this, updates);
  }
  globalNorm(tensors: readonly Tensor[]): number {
    return globalNorm(this, tensors);
  }
  scaleInPlace(tensors: readonly Tensor[], factor: number): boolean {
    return scaleInPlace(this, tensors, factor);
  }

  allocate(size: number, dtype: DataType): Storage {
    this.#dataIds += 1;
    return new Storage(
      this,
      this.#generation,
      onHeap(dtype) ? this.library.heap.allocate(size) : -1,
      size,
      dtype,
    );
  }

  // ---- TensorFlow.js' storage interface ----

  override write(values: Values, shape: number[], dtype: DataType): DataId {
    const storage = this.allocate(util.sizeFromShape(shape), dtype);
    this.#set(storage, values);
    return storage;
  }

  override move(dataId: DataId, values: Values, shape: number[], dtype: DataType, refCount: number): void {
    let storage: Storage;
    if (dataId instanceof Storage && dataId.owner === null) {
      storage = dataId;
      storage.owner = this;
      storage.generation = this.#generation;
      storage.offset = onHeap(dtype) ? this.library.heap.allocate(storage.size) : -1;
      this.#dataIds += 1;
    } else {
      storage = this.allocate(util.sizeFromShape(shape), dtype);
      this.#adopted.set(dataId, storage);
    }
    storage.refCount = refCount;
    if (dtype === 'complex64') {
      const part = (values: Float32Array): TensorInfo => ({
        dataId: this.write(values, shape, 'float32'),
        shape,
        dtype: 'float32',
      });
      const { real, imag } = backend_util.splitRealAndImagArrays(values as Float32Array);
      storage.complex = { real: part(real), imag: part(imag) };
    } else this.#set(storage, values);
  }

  override readSync(dataId: DataId): Values {
    const storage = this.storage({ dataId });
    const { offset, size, dtype } = storage;
    if (dtype === 'string') return storage.strings as unknown as Values;
    if (storage.complex) {
      const real = this.readSync(storage.complex.real.dataId) as Float32Array;
      const imag = this.readSync(storage.complex.imag.dataId) as Float32Array;
      return backend_util.mergeRealAndImagArrays(real, imag);
    }
    if (dtype === 'bool') return Uint8Array.from(this.library.i32.subarray(offset, offset + size));
    return dtype === 'int32'
      ? this.library.i32.slice(offset, offset + size)
      : this.library.f32.slice(offset, offset + size);
  }

  override read(dataId: DataId): Promise<Values> {
    return new Promise((resolve) => resolve(this.readSync(dataId)));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const storage = dataId instanceof Storage && dataId.owner === this ? dataId : this.#adopted.get(dataId);
    if (!storage || storage.owner !== this || storage.generation !== this.#generation) return true;
    storage.refCount -= 1;
    if (!force && storage.refCount > 0) return false;
    const { heap } = this.library;
    if (storage.offset >= 0) heap.release(storage.offset, storage.size);
    if (storage.half) heap.release(storage.half.offset, storage.half.words);
    storage.half = undefined;
    if (storage.workspaces) {
      for (const block of storage.workspaces) heap.release(block.offset, block.words);
      storage.workspaces = undefined;
    }
    if (storage.complex) {
      this.disposeData(storage.complex.real.dataId, true);
      this.disposeData(storage.complex.imag.dataId, true);
      storage.complex = undefined;
    }
    storage.strings = undefined;
    storage.owner = null;
    storage.offset = -1;
    this.#dataIds -= 1;
    if (storage !== dataId) this.#adopted.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    const storage = dataId instanceof Storage && dataId.owner === this ? dataId : this.#adopted.get(dataId);
    return storage?.owner === this ? storage.refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.#located({ dataId }).refCount += 1;
  }

  override numDataIds(): number {
    return this.#dataIds;
  }

  override memory(): {
    unreliable: boolean;
    heapBytes: number;
    heapPeakBytes: number;
    heapReservedBytes: number;
    heapBlocks: number;
  } {
    const { used, peak, reserved, blocks } = this.library.heap.statistics();
    return {
      unreliable: false,
      heapBytes: used,
      heapPeakBytes: peak,
      heapReservedBytes: reserved,
      heapBlocks: blocks,
    };
  }

  override time(f: () => void): Promise<BackendTimingInfo> {
    const start = util.now();
    f();
    return Promise.resolve({ kernelMs: util.now() - start });
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  /** Frees all tensors; the kernels stay loaded. */
  override dispose(): void {
    this.library.heap.reset();
    this.#dataIds = 0;
    this.#generation += 1;
    this.#adopted = new WeakMap();
  }

  #located({ dataId }: { dataId: DataId }): Storage {
    return dataId instanceof Storage && dataId.owner === this ? dataId : this.#foreign(dataId);
  }

  #widen(storage: Storage, half: NonNullable<Storage['half']>): void {
    storage.offset = this.library.heap.allocate(storage.size);
    storage.half = undefined;
    const resume = this.library.call.suspend(); // a kernel may ask for its inputs while it writes its words
    const call = this.begin(this.op('widen')).tensor(storage).tensor(half).int(storage.size);
    call.int(halfKinds[half.kind]).run();
    resume();
    this.library.heap.release(half.offset, half.words);
  }

  #foreign(dataId: DataId): Storage {
    const adopted = this.#adopted.get(dataId);
    if (adopted) return adopted;
    engine().moveData(this, dataId);
    return dataId instanceof Storage && dataId.owner === this
      ? dataId
      : (this.#adopted.get(dataId) as Storage);
  }

  #set(storage: Storage, values: Values | null): void {
    if (storage.dtype === 'string') storage.strings = values as Uint8Array[];
    else if (values && storage.offset >= 0) fill(this.library, storage, values);
  }
}
