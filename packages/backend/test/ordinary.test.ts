// Our ordinary kernels against the cpu backend's, on random shapes, types and attributes, also large ones.
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { delegatedKernels } from '../src/delegated.ts';
import type { D2LBackend } from '../src/index.ts';
import { ordinaryKernels } from '../src/kernels/index.ts';
import { kinds, use } from './backends.ts';

type Dtype = 'float32' | 'int32' | 'bool';
interface Data {
  shape: number[];
  dtype: Dtype;
  values: Float32Array | Int32Array | Uint8Array;
}

const BINARY = [
  'Add',
  'Sub',
  'Multiply',
  'RealDiv',
  'Maximum',
  'Minimum',
  'SquaredDifference',
  'FloorDiv',
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
];
const UNARY =
  'Neg Abs Square Exp Expm1 Relu Relu6 Elu Selu Sigmoid Tanh Erf Softplus Sign Floor Ceil Round Sin Cos Sqrt Rsqrt Reciprocal Log Log1p IsNan IsInf IsFinite'.split(
    ' ',
  );

/** Values from a counter: the same for the same numbers, never ties by accident, signs mixed. */
function data(shape: number[], dtype: Dtype, seed: number): Data {
  const size = tf.util.sizeFromShape(shape);
  const numbers = Array.from(
    { length: size },
    (_, i) => (((i + 1) * 2654435761 + seed * 40503) % 4096) / 256 - 8,
  );
  const values =
    dtype === 'float32'
      ? Float32Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Uint8Array.from(numbers, (v) => (v > 0 ? 1 : 0));
  return { shape, dtype, values };
}

describe.each(kinds)('%s', (kind) => {
  let backend: D2LBackend;
  const cpu = new MathBackendCPU();
  (cpu as unknown as { firstUse: boolean }).firstUse = false;
  beforeAll(async () => {
    backend = await use(kind);
  });

  /** Runs a kernel on both backends and compares results. */
  function compare(
    name: string,
    inputs: Record<string, Data> | Data[],
    attrs: object = {},
    tolerance = 2e-6,
  ): void {
    const run = (host: tf.KernelBackend, kernel: string) => {
      const place = (d: Data): tf.TensorInfo => ({
        dataId: host.write(d.values, d.shape, d.dtype),
        shape: d.shape,
        dtype: d.dtype,
      });
      const placed = Array.isArray(inputs)
        ? inputs.map(place)
        : Object.fromEntries(Object.entries(inputs).map(([key, d]) => [key, place(d)]));
      const result = (tf.getKernel(name, kernel) as tf.KernelConfig).kernelFunc({
        inputs: placed as tf.NamedTensorInfoMap,
        attrs: attrs as tf.NamedAttrMap,
        backend: host,
      });
      const outputs = (Array.isArray(result) ? result : [result]).map((one) => ({
        shape: one.shape,
        dtype: one.dtype,
        values: Array.from(host.readSync(one.dataId) as Float32Array),
      }));
      for (const one of [...Object.values(placed), ...(Array.isArray(result) ? result : [result])])
        host.disposeData(one.dataId);
      return outputs;
    };
    const before = backend.memory().heapBytes;
    const actual = run(backend, kind);
    expect(backend.memory().heapBytes).toBe(before);
    const expected = run(cpu, 'cpu');
    expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      expected.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    for (const [k, { values }] of expected.entries()) {
      const got = actual[k]?.values as number[];
      expect(got.length).toBe(values.length);
      for (let i = 0; i < values.length; ++i) {
        const [a, e] = [got[i] as number, values[i] as number];
        if (!(Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e))))
          throw new Error(`${name} ${JSON.stringify(attrs)}: [${i}] is ${a}, expected ${e}`);
      }
    }
  }

  const dimension = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }));
  const shapes = fc
    .array(dimension, { minLength: 1, maxLength: 4 })
    .filter((shape) => tf.util.sizeFromShape(shape) < 20_000);
  const runs = { numRuns: 25, seed: 7 };

  it('knows every kernel of the cpu backend, and has a good part itself', () => {
    const names = tf
      .getKernelsForBackend('cpu')
      .map((kernel) => kernel.kernelName)
      .toSorted();
    expect([...delegatedKernels]).toEqual(names);
    const ours = new Set(tf.getKernelsForBackend(kind).map((kernel) => kernel.kernelName));
    for (const name of names) expect(ours.has(name)).toBe(true);
    expect(ordinaryKernels.length).toBeGreaterThan(70);
  });

  it.each(BINARY)('%s broadcasts', (name) => {
    fc.assert(
      fc.property(
        shapes,
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom<Dtype>('float32', 'int32'),
        (shape, flags, type) => {
          const dtype = name.startsWith('Logical')
            ? 'bool'
            : name === 'RealDiv'
              ? 'float32'
              : name === 'FloorDiv'
                ? 'int32'
                : type;
          const drop = () =>
            shape.map((n) => (flags.next().value ? n : 1)).slice(flags.next().value ? 0 : shape.length - 1);
          compare(name, { a: data(drop(), dtype, 1), b: data(drop(), dtype, 2) });
        },
      ),
      runs,
    );
  });

  it.each(UNARY)('%s', (name) => {
    const special = Float32Array.of(
      0,
      -0,
      1,
      -1,
      0.5,
      1.5,
      2.5,
      -0.5,
      1e-30,
      1e30,
      -1e30,
      Infinity,
      -Infinity,
      NaN,
      88,
      -88,
      1e-7,
      3.14159274,
      20,
      7,
    );
    const finite =
      name === 'Sin' || name === 'Cos' ? special.map((v) => (Math.abs(v) > 1e6 ? 12.5 : v)) : special;
    compare(name, { x: { shape: [finite.length], dtype: 'float32', values: finite } }, {}, 3e-6);
    compare(name, { x: data([3, 37], 'float32', 1) }, {}, 3e-6);
    compare(name, { x: data([100_003], 'float32', 2) }, {}, 3e-6);
  });

  it('LeakyRelu, Step, ClipByValue, Prelu, EluGrad, LogicalNot', () => {
    compare('LeakyRelu', { x: data([5, 19], 'float32', 3) }, { alpha: 0.2 });
    compare('Step', { x: data([5, 19], 'float32', 3) }, { alpha: -0.5 });
    compare('ClipByValue', { x: data([5, 19], 'float32', 3) }, { clipValueMin: -1.5, clipValueMax: 2 });
    compare('Prelu', { x: data([5, 19], 'float32', 3), alpha: data([19], 'float32', 4) });
    compare('EluGrad', { dy: data([5, 19], 'float32', 3), y: data([5, 19], 'float32', 4) });
    compare('LogicalNot', { x: data([5, 19], 'bool', 3) });
  });

  it('Cast between all types', () => {
    const odd = Float32Array.of(
      0,
      -0.5,
      1.9,
      -1.9,
      3e9,
      -3e9,
      1e20,
      NaN,
      Infinity,
      -Infinity,
      2147483647,
      1099511627776 + 131072,
    );
    for (const dtype of ['float32', 'int32', 'bool']) {
      compare('Cast', { x: { shape: [odd.length], dtype: 'float32', values: odd } }, { dtype });
      for (const from of ['float32', 'int32', 'bool'] as const)
        compare('Cast', { x: data([7, 11], from, 1) }, { dtype });
    }
  });

  it.each([
    ['Sum', 'axis'],
    ['Mean', 'axis'],
    ['Prod', 'axis'],
    ['Max', 'reductionIndices'],
    ['Min', 'axis'],
    ['All', 'axis'],
    ['Any', 'axis'],
  ] as const)('%s over any axes', (name, key) => {
    fc.assert(
      fc.property(
        shapes,
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom<Dtype>('float32', 'int32'),
        fc.boolean(),
        (shape, flags, type, keepDims) => {
          const dtype = name === 'All' || name === 'Any' ? 'bool' : name === 'Mean' ? 'float32' : type;
          const axes = shape.map((_, i) => i).filter(() => flags.next().value);
          const x = data(name === 'Prod' ? shape.map((n) => Math.min(n, 3)) : shape, dtype, 5);
          compare(name, { x }, { [key]: axes, keepDims }, 2e-5);
        },
      ),
      runs,
    );
  });

  it('sums long rows and columns to the last digits', () => {
    compare('Sum', { x: data([300_000], 'float32', 1) }, { axis: [0], keepDims: false }, 1e-5);
    compare('Mean', { x: data([3000, 70], 'float32', 1) }, { axis: [0], keepDims: false }, 1e-5);
  });

  it('ArgMax, ArgMin, Cumsum, TopK, Softmax', () => {
    for (const axis of [0, 1, 2]) {
      compare('ArgMax', { x: data([5, 7, 9], 'float32', 3) }, { axis });
      compare('ArgMin', { x: data([5, 7, 9], 'int32', 3) }, { axis });
      for (const exclusive of [true, false])
        for (const reverse of [true, false])
          compare(
            'Cumsum',
            { x: data([5, 7, 9], axis === 1 ? 'int32' : 'float32', 3) },
            { axis, exclusive, reverse },
            1e-5,
          );
    }
    compare('TopK', { x: data([6, 50], 'float32', 3) }, { k: 7, sorted: true });
    compare('TopK', { x: data([6, 50], 'int32', 3) }, { k: 50, sorted: true });
    compare('Softmax', { logits: data([6, 50], 'float32', 3) }, { dim: 1 });
  });

  it('Transpose in any order', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat()), (shape, stream) => {
        const perm = shape
          .map((_, i) => ({ i, key: stream.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ i }) => i);
        compare('Transpose', { x: data(shape, 'float32', 1) }, { perm });
      }),
      runs,
    );
    compare('Transpose', { x: data([130, 1025], 'float32', 1) }, { perm: [1, 0] });
  });

  it('Slice, PadV2, Tile, Reverse, Concat, Pack, Unpack, SplitV, StridedSlice', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.infiniteStream(fc.nat({ max: 3 })),
        fc.constantFrom<Dtype>('float32', 'int32', 'bool'),
        (shape, stream, dtype) => {
          const next = () => stream.next().value as number;
          const x = data(shape, dtype, 1);
          const begin = shape.map((n) => Math.min(n - 1, next()));
          compare(
            'Slice',
            { x },
            { begin, size: shape.map((n, i) => Math.max(0, n - (begin[i] as number) - next())) },
          );
          compare(
            'PadV2',
            { x },
            { paddings: shape.map(() => [next() % 2, next() % 2]), constantValue: dtype === 'bool' ? 1 : 3 },
          );
          compare('Tile', { x }, { reps: shape.map(() => (next() % 2) + 1) });
          compare('Reverse', { x }, { dims: shape.map((_, i) => i).filter(() => next() % 2) });
          const axis = next() % shape.length;
          const other = data(
            shape.map((n, i) => (i === axis ? next() + 1 : n)),
            dtype,
            2,
          );
          compare('Concat', [x, other, x], { axis });
          compare('Pack', [x, x, data(shape, dtype, 3)], { axis });
          compare('Unpack', { value: x }, { axis });
          const n = shape[axis] as number;
          compare('SplitV', { x }, { numOrSizeSplits: [Math.floor(n / 2), n - Math.floor(n / 2)], axis });
          compare(
            'StridedSlice',
            { x },
            {
              begin,
              end: shape.map((n) => n),
              strides: shape.map(() => next() + 1),
              beginMask: 0,
              endMask: 0,
              ellipsisMask: 0,
              newAxisMask: 0,
              shrinkAxisMask: 0,
            },
          );
        },
      ),
      runs,
    );
  });

  it('GatherV2, UnsortedSegmentSum, OneHot, Select, AddN', () => {
    const ids = (size: number, limit: number): Data => ({
      shape: [size],
      dtype: 'int32',
      values: Int32Array.from({ length: size }, (_, i) => (i * 7) % limit),
    });
    for (const axis of [0, 1, 2])
      compare('GatherV2', { x: data([5, 6, 17], 'float32', 1), indices: ids(9, 5) }, { axis, batchDims: 0 });
    compare(
      'GatherV2',
      {
        x: data([4, 6, 3], 'int32', 1),
        indices: { shape: [4, 5], dtype: 'int32', values: ids(20, 6).values },
      },
      { axis: 1, batchDims: 1 },
    );
    const bad: Data = { shape: [1], dtype: 'int32', values: Int32Array.of(6) };
    expect(() =>
      compare('GatherV2', { x: data([6], 'float32', 1), indices: bad }, { axis: 0, batchDims: 0 }),
    ).toThrow('GatherV2: the index value 6 is not in [0, 5]');
    compare(
      'UnsortedSegmentSum',
      { x: data([9, 17], 'float32', 1), segmentIds: ids(9, 6) },
      { numSegments: 5 },
      1e-5,
    );
    for (const dtype of ['float32', 'int32'])
      compare('OneHot', { indices: ids(9, 6) }, { depth: 5, onValue: 3, offValue: -1, dtype });
    compare('Select', {
      condition: data([7, 9], 'bool', 1),
      t: data([7, 9], 'float32', 2),
      e: data([7, 9], 'float32', 3),
    });
    compare('AddN', [data([7, 9], 'float32', 1), data([7, 9], 'float32', 2), data([7, 9], 'float32', 3)]);
  });

  it('BatchMatMul with every transposition and broadcast batch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        dimension,
        dimension,
        dimension,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (batch, m, n, k, transposeA, transposeB, oneA, oneB) => {
          const a = data([oneA ? 1 : batch, ...(transposeA ? [k, m] : [m, k])], 'float32', 1);
          const b = data([oneB ? 1 : batch, ...(transposeB ? [n, k] : [k, n])], 'float32', 2);
          compare('BatchMatMul', { a, b }, { transposeA, transposeB }, 1e-4);
          compare(
            '_FusedMatMul',
            { a, b, bias: data([n], 'float32', 3) },
            { transposeA, transposeB, activation: 'relu', leakyreluAlpha: 0 },
            1e-4,
          );
        },
      ),
      runs,
    );
  });
});
