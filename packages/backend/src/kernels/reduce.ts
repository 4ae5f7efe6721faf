// Reductions, softmax, cumulative sums, top-k.
import {
  All,
  Any,
  ArgMax,
  ArgMin,
  Cumsum,
  Max,
  Mean,
  Min,
  Prod,
  Softmax,
  Sum,
  type TensorInfo,
  TopK,
  util,
} from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { transposed } from './copy.ts';
import { sizeOf } from './layout.ts';

/** The order of `Kind` in kernels/reduce.cc. */
const KINDS = [Sum, Mean, Max, Min, Prod, All, Any, ArgMax, ArgMin] as const;

interface Plan {
  outer: number;
  reduced: number;
  inner: number;
  /** The order of dimensions that brings the reduced ones together, when they are not. */
  perm: number[] | undefined;
}

/** The reduced axes as one block between outer and inner dimensions. */
function plan(shape: number[], axes: readonly number[]): Plan {
  const isReduced = (i: number) => axes.includes(i);
  const real = shape.map((_, i) => i).filter((i) => shape[i] !== 1);
  const first = real.findIndex(isReduced);
  const count = real.filter(isReduced).length;
  const product = (list: number[]) => list.reduce((size, i) => size * (shape[i] as number), 1);
  const whole = first < 0 || real.slice(first, first + count).every(isReduced);
  if (whole) {
    const at = first < 0 ? real.length : first;
    return {
      outer: product(real.slice(0, at)),
      reduced: product(real.slice(at, at + count)),
      inner: product(real.slice(at + count)),
      perm: undefined,
    };
  }
  const kept = shape.map((_, i) => i).filter((i) => !isReduced(i));
  return { outer: product(kept), reduced: product([...axes]), inner: 1, perm: [...kept, ...axes] };
}

function reduce(
  backend: D2LBackend,
  ops: { reduce: number; copy: number },
  name: (typeof KINDS)[number],
  x: TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
): TensorInfo {
  const p = plan(x.shape, axes);
  const shape = keepDims
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i));
  const source = p.perm ? transposed(backend, ops.copy, x, p.perm) : x;
  const y = backend.output(shape, name === ArgMax || name === ArgMin ? 'int32' : x.dtype);
  if (y.dataId.size > 0) {
    const input = backend.storage(source);
    backend
      .begin(ops.reduce)
      .tensor(y.dataId)
      .tensor(input)
      .int(KINDS.indexOf(name))
      .int(x.dtype === 'float32' ? 0 : 1)
      .int(p.outer)
      .int(p.reduced)
      .int(p.inner)
      .run();
  }
  if (source !== x) backend.release(source);
  return y;
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  [Mean]: ['float32'],
  [All]: ['bool'],
  [Any]: ['bool'],
};

export const reduceKernels: readonly KernelDefinition[] = [
  ...KINDS.map((name) =>
    defineKernel<
      { x: TensorInfo },
      { axis?: number | number[]; reductionIndices?: number | number[]; keepDims?: boolean }
    >(name, (backend) => {
      const ops = { reduce: backend.op('reduce'), copy: backend.op('copy') };
      const types = TYPES[name] ?? ['float32', 'int32'];
      return ({ x }, attrs) => {
        if (!types.includes(x.dtype)) return undefined;
        const axes = util.parseAxisParam(
          (attrs.reductionIndices ?? attrs.axis) as number | number[],
          x.shape,
        );
        const argument = name === ArgMax || name === ArgMin;
        return reduce(backend, ops, name, x, argument ? axes.slice(0, 1) : axes, attrs.keepDims ?? false);
      };
    }),
  ),
  defineKernel<{ logits: TensorInfo }, { dim: number }>(Softmax, (backend) => {
    const opcode = backend.op('softmax');
    return ({ logits }, { dim }) => {
      const { shape } = logits;
      if (logits.dtype !== 'float32' || (dim < 0 ? dim + shape.length : dim) !== shape.length - 1)
        return undefined;
      const x = backend.storage(logits);
      const y = backend.output(shape, 'float32', x.size);
      const n = shape.at(-1) ?? 1;
      if (x.size > 0)
        backend
          .begin(opcode)
          .tensor(y.dataId)
          .tensor(x)
          .int(x.size / n)
          .int(n)
          .run();
      return y;
    };
  }),
  defineKernel<{ x: TensorInfo }, { axis: number; exclusive: boolean; reverse: boolean }>(
    Cumsum,
    (backend) => {
      const opcode = backend.op('cumsum');
      return ({ x }, { axis, exclusive, reverse }) => {
        if (x.dtype !== 'float32' && x.dtype !== 'int32') return undefined;
        const at = util.parseAxisParam(axis, x.shape)[0] as number;
        const source = backend.storage(x);
        const y = backend.output(x.shape, x.dtype, source.size);
        backend
          .begin(opcode)
          .tensor(y.dataId)
          .tensor(source)
          .int(sizeOf(x.shape.slice(0, at)))
          .int(x.shape[at] ?? 1)
          .int(sizeOf(x.shape.slice(at + 1)));
        backend.library.call
          .int(x.dtype === 'float32' ? 0 : 1)
          .int(exclusive)
          .int(reverse)
          .run();
        return y;
      };
    },
  ),
  defineKernel<{ x: TensorInfo }, { k: number; sorted: boolean }>(TopK, (backend) => {
    const opcode = backend.op('topK');
    return ({ x }, { k }) => {
      const n = x.shape.at(-1) ?? 1;
      const source = backend.storage(x);
      if ((x.dtype !== 'float32' && x.dtype !== 'int32') || k > 128 || k > n || k < 1 || source.size === 0)
        return undefined;
      const shape = [...x.shape.slice(0, -1), k];
      const values = backend.output(shape, x.dtype);
      const indices = backend.output(shape, 'int32');
      backend
        .begin(opcode)
        .tensor(values.dataId)
        .tensor(indices.dataId)
        .tensor(source)
        .int(source.size / n)
        .int(n)
        .int(k)
        .int(x.dtype === 'float32' ? 0 : 1)
        .run();
      return [values, indices];
    };
  }),
];
