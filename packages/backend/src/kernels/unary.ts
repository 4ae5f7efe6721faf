// Elementwise kernels of one float operand, and truth values of it.
import {
  Abs,
  Ceil,
  ClipByValue,
  Cos,
  Elu,
  Erf,
  Exp,
  Expm1,
  Floor,
  IsFinite,
  IsInf,
  IsNan,
  LeakyRelu,
  Log,
  Log1p,
  LogicalNot,
  Neg,
  Reciprocal,
  Relu,
  Relu6,
  Round,
  Rsqrt,
  Selu,
  Sigmoid,
  Sign,
  Sin,
  Softplus,
  Sqrt,
  Square,
  Step,
  Tanh,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { CAST } from './cast.ts';

/** The order of `runs` in kernels/unary.cc. */
const UNARY = [
  Neg,
  Abs,
  Square,
  Sqrt,
  Rsqrt,
  Reciprocal,
  Exp,
  Expm1,
  Log,
  Log1p,
  Relu,
  Relu6,
  Elu,
  Selu,
  Sigmoid,
  Tanh,
  Erf,
  Softplus,
  Sign,
  Floor,
  Ceil,
  Round,
  Sin,
  Cos,
  LeakyRelu,
  Step,
  ClipByValue,
] as const;

interface UnaryAttrs {
  alpha?: number;
  clipValueMin?: number;
  clipValueMax?: number;
}

/** Runs unary operation `name` from `x` into `out`, which may be `x`. */
export function runUnary(
  backend: D2LBackend,
  opcode: number,
  name: string,
  x: TensorInfo,
  out: TensorInfo,
  p = 0,
  q = 0,
): void {
  const source = backend.storage(x);
  const target = backend.storage(out);
  if (target.size === 0) return;
  backend
    .begin(opcode)
    .tensor(target)
    .tensor(source)
    .int(target.size)
    .int((UNARY as readonly string[]).indexOf(name))
    .float(p)
    .float(q)
    .run();
}

const TRUTH = [
  [IsNan, CAST.isNan],
  [IsInf, CAST.isInf],
  [IsFinite, CAST.isFinite],
] as const;

export const unaryKernels: readonly KernelDefinition[] = [
  ...UNARY.map((name, operation) =>
    defineKernel<{ x: TensorInfo }, UnaryAttrs>(name, (backend) => {
      const opcode = backend.op('unary');
      return ({ x }, attrs) => {
        if (x.dtype !== 'float32') return undefined;
        const source = backend.storage(x);
        const y = backend.output(x.shape, 'float32', source.size);
        const p = attrs?.alpha ?? attrs?.clipValueMin ?? 0;
        if (source.size > 0)
          backend
            .begin(opcode)
            .tensor(y.dataId)
            .tensor(source)
            .int(source.size)
            .int(operation)
            .float(p)
            .float(attrs?.clipValueMax ?? 0)
            .run();
        return y;
      };
    }),
  ),
  ...TRUTH.map(([name, conversion]) =>
    defineKernel<{ x: TensorInfo }>(name, (backend) => {
      const opcode = backend.op('cast');
      return ({ x }) => {
        if (x.dtype !== 'float32') return undefined;
        const source = backend.storage(x);
        const y = backend.output(x.shape, 'bool', source.size);
        backend.begin(opcode).tensor(y.dataId).tensor(source).int(source.size).int(conversion).run();
        return y;
      };
    }),
  ),
  defineKernel<{ x: TensorInfo }>(LogicalNot, (backend) => {
    const opcode = backend.op('cast');
    return ({ x }) => {
      if (x.dtype !== 'bool') return undefined;
      const source = backend.storage(x);
      const y = backend.output(x.shape, 'bool', source.size);
      backend.begin(opcode).tensor(y.dataId).tensor(source).int(source.size).int(CAST.not).run();
      return y;
    };
  }),
];
