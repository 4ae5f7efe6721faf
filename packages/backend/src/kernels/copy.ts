// Kernels that move words: transpose, slice, concat, pad, tile, reverse, pack, unpack, split.
import {
  backend_util,
  Concat,
  Pack,
  PadV2,
  Reverse,
  Slice,
  slice_util,
  SplitV,
  StridedSlice,
  type TensorInfo,
  Tile,
  Transpose,
  Unpack,
  util,
} from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { collapse, sizeOf, stridesOf } from './layout.ts';

/** What strided copies can move: anything that lives in heap words. */
function movable(tensor: TensorInfo): boolean {
  return tensor.dtype !== 'string' && tensor.dtype !== 'complex64';
}

/** Copies `dims` words from strided places of `x` (from `offsetIn`) to strided places of `y` (from `offsetOut`). */
export function copyStrided(
  backend: D2LBackend,
  opcode: number,
  y: TensorInfo,
  offsetOut: number,
  stridesOut: readonly number[],
  x: TensorInfo,
  offsetIn: number,
  stridesIn: readonly number[],
  dims: readonly number[],
): void {
  if (sizeOf(dims as number[]) === 0) return;
  const c = collapse(dims, stridesOut, stridesIn);
  const source = backend.storage(x);
  backend
    .begin(opcode)
    .tensor(backend.storage(y))
    .int(offsetOut)
    .tensor(source)
    .int(offsetIn)
    .int(c.dims.length)
    .ints(c.dims)
    .ints(c.stridesOut)
    .ints(c.stridesIn)
    .run();
}

/** `x` with its dimensions in the order of `perm`. */
export function transposed(
  backend: D2LBackend,
  opcode: number,
  x: TensorInfo,
  perm: readonly number[],
): TensorInfo {
  const strides = stridesOf(x.shape);
  const shape = perm.map((p) => x.shape[p] as number);
  const y = backend.output(shape, x.dtype);
  copyStrided(
    backend,
    opcode,
    y,
    0,
    stridesOf(shape),
    x,
    0,
    perm.map((p) => strides[p] as number),
    shape,
  );
  return y;
}

function sliced(
  backend: D2LBackend,
  opcode: number,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const strides = stridesOf(x.shape);
  const y = backend.output([...size], x.dtype);
  copyStrided(
    backend,
    opcode,
    y,
    0,
    stridesOf(size),
    x,
    slice_util.computeFlatOffset([...begin], strides),
    strides,
    size,
  );
  return y;
}

/** Joins tensors along `axis`; shapes must agree elsewhere. */
function concatenated(
  backend: D2LBackend,
  opcode: number,
  inputs: readonly TensorInfo[],
  axis: number,
  shape: number[],
): TensorInfo {
  const y = backend.output(shape, (inputs[0] as TensorInfo).dtype);
  const strides = stridesOf(shape);
  let offset = 0;
  for (const x of inputs) {
    copyStrided(backend, opcode, y, offset, strides, x, 0, stridesOf(x.shape), x.shape);
    offset += (x.shape[axis] as number) * (strides[axis] as number);
  }
  return y;
}

export const copyKernels: readonly KernelDefinition[] = [
  defineKernel<{ x: TensorInfo }, { perm: number[] }>(Transpose, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, { perm }) => (movable(x) ? transposed(backend, opcode, x, perm) : undefined);
  }),
  defineKernel<{ x: TensorInfo }, { begin: number | number[]; size: number | number[] }>(Slice, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, attrs) => {
      if (!movable(x)) return undefined;
      const [begin, size] = slice_util.parseSliceParams(
        x as Parameters<typeof slice_util.parseSliceParams>[0],
        attrs.begin,
        attrs.size,
      );
      slice_util.assertParamsValid(x as Parameters<typeof slice_util.assertParamsValid>[0], begin, size);
      const inner = sizeOf(x.shape.slice(1));
      const isRows = size.every((count, axis) => axis === 0 || count === x.shape[axis]);
      const rows = isRows ? backend.halfSlice(x, (begin[0] ?? 0) * inner, sizeOf(size)) : undefined;
      if (rows !== undefined) return { dataId: rows, shape: size, dtype: x.dtype };
      return sliced(backend, opcode, x, begin, size);
    };
  }),
  defineKernel<TensorInfo[], { axis: number }>(Concat, (backend) => {
    const opcode = backend.op('copy');
    return (inputs, attrs) => {
      const axis = util.parseAxisParam(attrs.axis, (inputs[0] as TensorInfo).shape)[0] as number;
      backend_util.assertParamsConsistent(
        inputs.map((x) => x.shape),
        axis,
      );
      const shape = backend_util.computeOutShape(
        inputs.map((x) => x.shape),
        axis,
      );
      const full = inputs.filter((x) => sizeOf(x.shape) > 0);
      const first = inputs[0] as TensorInfo;
      if (inputs.some((x) => !movable(x) || x.dtype !== first.dtype)) return undefined;
      if (full.length === 1 && sizeOf(shape) === sizeOf((full[0] as TensorInfo).shape))
        return backend.alias(full[0] as TensorInfo, shape);
      return concatenated(backend, opcode, inputs, axis, shape);
    };
  }),
  defineKernel<TensorInfo[], { axis: number }>(Pack, (backend) => {
    const opcode = backend.op('copy');
    return (inputs, { axis }) => {
      const first = inputs[0] as TensorInfo;
      for (const x of inputs) {
        util.assertShapesMatch(first.shape, x.shape, 'All tensors passed to stack must have matching shapes');
        util.assert(first.dtype === x.dtype, () => 'All tensors passed to stack must have matching dtypes');
      }
      if (!movable(first)) return undefined;
      const expand = (shape: number[], n: number) => [...shape.slice(0, axis), n, ...shape.slice(axis)];
      const rows = inputs.map((x) => ({ ...x, dataId: x.dataId, shape: expand(x.shape, 1), dtype: x.dtype }));
      return concatenated(backend, opcode, rows, axis, expand(first.shape, inputs.length));
    };
  }),
  defineKernel<{ value: TensorInfo }, { axis: number }>(Unpack, (backend) => {
    const opcode = backend.op('copy');
    return ({ value }, attrs) => {
      if (!movable(value)) return undefined;
      const { shape } = value;
      const axis = attrs.axis < 0 ? attrs.axis + shape.length : attrs.axis;
      const begin = shape.map(() => 0);
      const size = shape.map((n, i) => (i === axis ? 1 : n));
      const rest = shape.filter((_, i) => i !== axis);
      return Array.from({ length: shape[axis] as number }, (_, i) => {
        begin[axis] = i;
        return { ...sliced(backend, opcode, value, begin, size), shape: rest };
      });
    };
  }),
  defineKernel<{ x: TensorInfo }, { numOrSizeSplits: number | number[]; axis: number }>(SplitV, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, { numOrSizeSplits, axis }) => {
      if (!movable(x)) return undefined;
      const at = util.parseAxisParam(axis, x.shape)[0] as number;
      const sizes = backend_util.prepareSplitSize(
        x as Parameters<typeof backend_util.prepareSplitSize>[0],
        numOrSizeSplits,
        at,
      );
      const begin = x.shape.map(() => 0);
      return sizes.map((n) => {
        const part = sliced(
          backend,
          opcode,
          x,
          begin,
          x.shape.map((whole, i) => (i === at ? n : whole)),
        );
        (begin[at] as number) += n;
        return part;
      });
    };
  }),
  defineKernel<{ x: TensorInfo }, { paddings: [number, number][]; constantValue: number }>(
    PadV2,
    (backend) => {
      const opcode = backend.op('copy');
      const fill = backend.op('fill');
      return ({ x }, { paddings, constantValue }) => {
        if (!movable(x)) return undefined;
        const shape = x.shape.map(
          (n, i) => n + (paddings[i] as [number, number])[0] + (paddings[i] as [number, number])[1],
        );
        const y = backend.output(shape, x.dtype);
        const strides = stridesOf(shape);
        backend.fillWords(fill, y, constantValue);
        copyStrided(
          backend,
          opcode,
          y,
          paddings.reduce((sum, [before], i) => sum + before * (strides[i] as number), 0),
          strides,
          x,
          0,
          stridesOf(x.shape),
          x.shape,
        );
        return y;
      };
    },
  ),
  defineKernel<{ x: TensorInfo }, { reps: number[] }>(Tile, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, { reps }) => {
      if (!movable(x)) return undefined;
      const shape = x.shape.map((n, i) => n * (reps[i] as number));
      const y = backend.output(shape, x.dtype);
      const out = stridesOf(shape);
      const inn = stridesOf(x.shape);
      // Each dimension is (repetition, position): the repetition does not move in the source.
      const dims = x.shape.flatMap((n, i) => [reps[i] as number, n]);
      const stridesOut = x.shape.flatMap((n, i) => [(out[i] as number) * n, out[i] as number]);
      copyStrided(
        backend,
        opcode,
        y,
        0,
        stridesOut,
        x,
        0,
        x.shape.flatMap((_, i) => [0, inn[i] as number]),
        dims,
      );
      return y;
    };
  }),
  defineKernel<{ x: TensorInfo }, { dims: number | number[] }>(Reverse, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, attrs) => {
      if (!movable(x)) return undefined;
      const axes = util.parseAxisParam(attrs.dims, x.shape);
      const strides = stridesOf(x.shape);
      const y = backend.output(x.shape, x.dtype);
      const start = axes.reduce(
        (sum, axis) => sum + ((x.shape[axis] as number) - 1) * (strides[axis] as number),
        0,
      );
      copyStrided(
        backend,
        opcode,
        y,
        0,
        strides,
        x,
        start,
        strides.map((s, i) => (axes.includes(i) ? -s : s)),
        x.shape,
      );
      return y;
    };
  }),
  defineKernel<
    { x: TensorInfo },
    {
      begin: number[];
      end: number[];
      strides: number[];
      beginMask: number;
      endMask: number;
      ellipsisMask: number;
      newAxisMask: number;
      shrinkAxisMask: number;
    }
  >(StridedSlice, (backend) => {
    const opcode = backend.op('copy');
    return ({ x }, a) => {
      if (!movable(x)) return undefined;
      const info = slice_util.sliceInfo(
        x.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      if (info.isIdentity) return backend.alias(x, info.finalShape);
      const strides = stridesOf(x.shape);
      const shape = slice_util.computeOutShape(info.begin, info.end, info.strides);
      const y = backend.output(shape, x.dtype);
      copyStrided(
        backend,
        opcode,
        y,
        0,
        stridesOf(shape),
        x,
        slice_util.computeFlatOffset(info.begin, strides),
        strides.map((s, i) => s * (info.strides[i] as number)),
        shape,
      );
      return { ...y, shape: info.finalShape };
    };
  }),
];
