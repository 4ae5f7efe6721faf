// How operands lie in memory: broadcasting and strided copies as few dimensions with strides.
import { broadcast_util } from '@tensorflow/tfjs-core';

/** Two operands over common dimensions; a stride of 0 repeats. */
export interface Broadcast {
  shape: number[];
  size: number;
  dims: number[];
  stridesA: number[];
  stridesB: number[];
}

function sameShape(a: number[], b: number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; ++i) if (a[i] !== b[i]) return false;
  return true;
}

function sizeOf(shape: number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; ++i) size *= shape[i] as number;
  return size;
}

/** The broadcast of two shapes, with neighbouring dimensions joined where both operands allow it. */
export function broadcast(a: number[], b: number[]): Broadcast {
  if (sameShape(a, b)) {
    const size = sizeOf(a);
    return { shape: a, size, dims: [size], stridesA: [1], stridesB: [1] };
  }
  const shape = broadcast_util.assertAndGetBroadcastShape(a, b);
  const rank = shape.length;
  const dims: number[] = [];
  const stridesA: number[] = [];
  const stridesB: number[] = [];
  let sizeA = 1;
  let sizeB = 1;
  for (let i = rank - 1; i >= 0; --i) {
    const n = shape[i] as number;
    const na = a[i - rank + a.length] ?? 1;
    const nb = b[i - rank + b.length] ?? 1;
    if (n === 1) continue;
    const sa = na === 1 ? 0 : sizeA;
    const sb = nb === 1 ? 0 : sizeB;
    const inner = dims[0];
    const joins =
      inner !== undefined && sa === (stridesA[0] as number) * inner && sb === (stridesB[0] as number) * inner;
    if (joins) dims[0] = n * inner;
    else {
      dims.unshift(n);
      stridesA.unshift(sa);
      stridesB.unshift(sb);
    }
    sizeA *= na;
    sizeB *= nb;
  }
  if (dims.length === 0) return { shape, size: sizeOf(shape), dims: [1], stridesA: [1], stridesB: [1] };
  return { shape, size: sizeOf(shape), dims, stridesA, stridesB };
}

/** A copy of words between two strided places. */
export interface Copy {
  dims: number[];
  stridesOut: number[];
  stridesIn: number[];
}

/** Drops dimensions of size 1 and joins neighbours that lie contiguously in both places. */
export function collapse(
  dims: readonly number[],
  stridesOut: readonly number[],
  stridesIn: readonly number[],
): Copy {
  const result: Copy = { dims: [], stridesOut: [], stridesIn: [] };
  for (let i = 0; i < dims.length; ++i) {
    const n = dims[i] as number;
    if (n === 1) continue;
    const so = stridesOut[i] as number;
    const si = stridesIn[i] as number;
    const last = result.dims.length - 1;
    if (last >= 0 && result.stridesOut[last] === so * n && result.stridesIn[last] === si * n) {
      (result.dims[last] as number) *= n;
      result.stridesOut[last] = so;
      result.stridesIn[last] = si;
    } else {
      result.dims.push(n);
      result.stridesOut.push(so);
      result.stridesIn.push(si);
    }
  }
  if (result.dims.length === 0) return { dims: [1], stridesOut: [1], stridesIn: [1] };
  return result;
}

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = Array.from(shape, () => 1);
  for (let i = shape.length - 2; i >= 0; --i)
    strides[i] = (strides[i + 1] as number) * (shape[i + 1] as number);
  return strides;
}

export { sizeOf };
