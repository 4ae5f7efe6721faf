// Kernels that make values (fill, range, one-hot) or pick and add them (gather, segment sums, AddN, select).
import {
  Add,
  AddN,
  backend_util,
  type DataType,
  Fill,
  GatherV2,
  OneHot,
  OnesLike,
  Range,
  Select,
  type TensorInfo,
  UnsortedSegmentSum,
  upcastType,
  util,
  ZerosLike,
} from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { binaryOperation, runBinary } from './binary.ts';
import { sizeOf } from './layout.ts';

function like(name: string, value: number): KernelDefinition {
  return defineKernel<{ x: TensorInfo }>(name, (backend) => {
    const opcode = backend.op('fill');
    return ({ x }) => {
      if (x.dtype === 'string' || x.dtype === 'complex64') return undefined;
      const y = backend.output(x.shape, x.dtype);
      backend.fillWords(opcode, y, value);
      return y;
    };
  });
}

export const createKernels: readonly KernelDefinition[] = [
  like(ZerosLike, 0),
  like(OnesLike, 1),
  defineKernel<Record<string, never>, { shape: number[]; value: number | string; dtype?: DataType }>(
    Fill,
    (backend) => {
      const opcode = backend.op('fill');
      return (_, { shape, value, dtype }) => {
        if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
        const type = dtype ?? util.inferDtype(value);
        if (type === 'string' || type === 'complex64') return undefined;
        const y = backend.output(shape, type);
        backend.fillWords(opcode, y, Number(value));
        return y;
      };
    },
  ),
  defineKernel<
    Record<string, never>,
    { start: number; stop: number; step: number; dtype: 'float32' | 'int32' }
  >(Range, (backend) => (_, { start, stop, step, dtype }) => {
    const same = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
    const count = same ? 0 : Math.abs(Math.ceil((stop - start) / (start > stop && step === 1 ? -1 : step)));
    const by = stop < start && step === 1 ? -1 : step;
    const y = backend.output([count], dtype);
    const values = dtype === 'int32' ? backend.integers(y) : backend.floats(y);
    // Adding up as the cpu backend does keeps the rounding the same.
    if (count > 0) values[0] = start;
    for (let i = 1; i < count; ++i) values[i] = (values[i - 1] as number) + by;
    return y;
  }),
  defineKernel<
    { indices: TensorInfo },
    { depth: number; onValue: number; offValue: number; dtype: DataType }
  >(OneHot, (backend) => {
    const opcode = backend.op('oneHot');
    const bits = new Int32Array(1);
    const float = new Float32Array(bits.buffer);
    const pattern = (value: number, dtype: DataType): number => {
      if (dtype === 'float32') float[0] = value;
      else bits[0] = value;
      return bits[0] as number;
    };
    return ({ indices }, { depth, onValue, offValue, dtype }) => {
      if (indices.dtype !== 'int32') return undefined;
      const ids = backend.storage(indices);
      const y = backend.output([...indices.shape, depth], dtype);
      if (y.dataId.size > 0)
        backend
          .begin(opcode)
          .tensor(y.dataId)
          .tensor(ids)
          .int(ids.size)
          .int(depth)
          .int(pattern(onValue, dtype))
          .int(pattern(offValue, dtype))
          .run();
      return y;
    };
  }),
  defineKernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims: number }>(
    GatherV2,
    (backend) => {
      const opcode = backend.op('gather');
      return ({ x, indices }, { axis, batchDims }) => {
        if (x.dtype === 'string' || x.dtype === 'complex64' || indices.dtype !== 'int32') return undefined;
        const at = util.parseAxisParam(axis, x.shape)[0] as number;
        const limit = x.shape[at] as number;
        const ids = backend.integers(indices);
        for (let i = 0; i < ids.length; ++i) {
          const index = ids[i] as number;
          if (index < 0 || index >= limit)
            throw new Error(`GatherV2: the index value ${index} is not in [0, ${limit - 1}]`);
        }
        const info = backend_util.segment_util.collectGatherOpShapeInfo(
          x as Parameters<typeof backend_util.segment_util.collectGatherOpShapeInfo>[0],
          indices as Parameters<typeof backend_util.segment_util.collectGatherOpShapeInfo>[1],
          at,
          batchDims ?? 0,
        );
        const source = backend.storage(x);
        const where = backend.storage(indices);
        const y = backend.output(info.outputShape, x.dtype);
        if (y.dataId.size > 0)
          backend
            .begin(opcode)
            .tensor(y.dataId)
            .tensor(source)
            .tensor(where)
            .int(info.batchSize)
            .int(info.outerSize)
            .int(info.dimSize)
            .int(where.size / info.batchSize)
            .int(info.sliceSize)
            .run();
        return y;
      };
    },
  ),
  defineKernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
    UnsortedSegmentSum,
    (backend) => {
      const opcode = backend.op('segmentSum');
      return ({ x, segmentIds }, { numSegments }) => {
        if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1)
          return undefined;
        const source = backend.storage(x);
        const ids = backend.storage(segmentIds);
        const inner = sizeOf(x.shape.slice(1));
        const y = backend.output([numSegments, ...x.shape.slice(1)], 'float32');
        if (y.dataId.size > 0)
          backend
            .begin(opcode)
            .tensor(y.dataId)
            .tensor(source)
            .tensor(ids)
            .int(ids.size)
            .int(inner)
            .int(numSegments)
            .run();
        return y;
      };
    },
  ),
  defineKernel<TensorInfo[]>(AddN, (backend) => {
    const opcode = backend.op('binary');
    const add = binaryOperation(Add);
    return (inputs) => {
      const [first, ...rest] = inputs as [TensorInfo, ...TensorInfo[]];
      if ((first.dtype !== 'float32' && first.dtype !== 'int32') || rest.some((x) => x.dtype !== first.dtype))
        return undefined;
      const second = rest.shift();
      if (!second) return backend.alias(first, first.shape);
      const y = backend.output(first.shape, first.dtype);
      runBinary(backend, opcode, add, first, second, y);
      for (const x of rest) runBinary(backend, opcode, add, y, x, y);
      return y;
    };
  }),
  defineKernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(Select, (backend) => {
    const opcode = backend.op('select');
    return ({ condition, t, e }) => {
      if (
        t.dtype !== e.dtype ||
        t.dtype === 'string' ||
        t.dtype === 'complex64' ||
        condition.dtype === 'float32'
      )
        return undefined;
      const [c, yes, no] = [backend.storage(condition), backend.storage(t), backend.storage(e)];
      if (c.size !== yes.size && (condition.shape.length !== 1 || condition.shape[0] !== t.shape[0]))
        return undefined;
      const y = backend.output(t.shape, upcastType(t.dtype, e.dtype), yes.size);
      if (yes.size > 0)
        backend
          .begin(opcode)
          .tensor(y.dataId)
          .tensor(c)
          .tensor(yes)
          .tensor(no)
          .int(c.size)
          .int(yes.size / c.size)
          .run();
      return y;
    };
  }),
];
