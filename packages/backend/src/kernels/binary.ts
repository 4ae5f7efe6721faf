// Elementwise kernels of two operands with broadcasting.
import {
  Add,
  type DataType,
  EluGrad,
  Equal,
  FloorDiv,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalOr,
  Maximum,
  Minimum,
  Multiply,
  NotEqual,
  Prelu,
  RealDiv,
  SquaredDifference,
  Sub,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { broadcast } from './layout.ts';

/** The order of `runs` in kernels/binary.cc, and what types each takes. */
const BINARY: readonly (readonly [name: string, inputs: readonly DataType[], result: 'same' | 'bool'])[] = [
  [Add, ['float32', 'int32'], 'same'],
  [Sub, ['float32', 'int32'], 'same'],
  [Multiply, ['float32', 'int32'], 'same'],
  [RealDiv, ['float32'], 'same'],
  [Maximum, ['float32', 'int32'], 'same'],
  [Minimum, ['float32', 'int32'], 'same'],
  [SquaredDifference, ['float32', 'int32'], 'same'],
  // The cpu backend calls the quotient of floats int32, too.
  [FloorDiv, ['int32'], 'same'],
  [Prelu, ['float32'], 'same'],
  [EluGrad, ['float32'], 'same'],
  [Equal, ['float32', 'int32', 'bool'], 'bool'],
  [NotEqual, ['float32', 'int32', 'bool'], 'bool'],
  [Greater, ['float32', 'int32', 'bool'], 'bool'],
  [GreaterEqual, ['float32', 'int32', 'bool'], 'bool'],
  [Less, ['float32', 'int32', 'bool'], 'bool'],
  [LessEqual, ['float32', 'int32', 'bool'], 'bool'],
  [LogicalAnd, ['bool'], 'bool'],
  [LogicalOr, ['bool'], 'bool'],
];

/** Runs operation number `operation` into `out`, which may be one of the operands when shapes agree. */
export function runBinary(
  backend: D2LBackend,
  opcode: number,
  operation: number,
  a: TensorInfo,
  b: TensorInfo,
  out: TensorInfo,
  layout = broadcast(a.shape, b.shape),
): void {
  const { dims, stridesA, stridesB } = layout;
  const x = backend.storage(a);
  const y = backend.storage(b);
  const z = backend.storage(out);
  if (z.size === 0) return;
  backend
    .begin(opcode)
    .tensor(z)
    .tensor(x)
    .tensor(y)
    .int(operation)
    .int(a.dtype === 'float32' ? 0 : 1)
    .int(dims.length)
    .ints(dims)
    .ints(stridesA)
    .ints(stridesB)
    .run();
}

/** The operation number of a kernel of the table. */
export function binaryOperation(name: string): number {
  return BINARY.findIndex((entry) => entry[0] === name);
}

// The operands' names differ between kernels, their order does not.
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  [Prelu]: ['x', 'alpha'],
  [EluGrad]: ['dy', 'y'],
};

export const binaryKernels: readonly KernelDefinition[] = BINARY.map(([name, types, result], operation) =>
  defineKernel<Record<string, TensorInfo>>(name, (backend) => {
    const opcode = backend.op('binary');
    const [first, second] = NAMES[name] ?? ['a', 'b'];
    return (inputs) => {
      const a = inputs[first] as TensorInfo;
      const b = inputs[second] as TensorInfo;
      if (a.dtype !== b.dtype || !types.includes(a.dtype)) return undefined;
      const layout = broadcast(a.shape, b.shape);
      const out = backend.output(layout.shape, result === 'bool' ? 'bool' : a.dtype, layout.size);
      runBinary(backend, opcode, operation, a, b, out, layout);
      return out;
    };
  }),
);
