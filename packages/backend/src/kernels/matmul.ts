// BatchMatMul and the fused form with bias and activation.
import {
  _FusedMatMul,
  Add,
  BatchMatMul,
  broadcast_util,
  Elu,
  LeakyRelu,
  Prelu,
  Relu,
  Relu6,
  Sigmoid,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import { defineKernel, type KernelDefinition } from '../kernel.ts';
import { binaryOperation, runBinary } from './binary.ts';
import { sizeOf } from './layout.ts';
import { runUnary } from './unary.ts';

interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}

function multiply(
  backend: D2LBackend,
  ops: { matmul: number; fill: number },
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Transposes,
): TensorInfo | undefined {
  util.assert(
    a.shape.length >= 2 && b.shape.length >= 2,
    () => `Error in matMul: operands must have rank 2 at least, got shapes [${a.shape}] and [${b.shape}]`,
  );
  const [rowsA, colsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, colsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [colsA, rowsA] : [rowsA, colsA];
  const [inner, n] = transposeB ? [colsB, rowsB] : [rowsB, colsB];
  const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  util.assert(
    k === inner,
    () =>
      `Error in matMul: inner shapes (${k}) and (${inner}) of Tensors with shapes ${a.shape} and ${b.shape} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const batchA = sizeOf(a.shape.slice(0, -2));
  const batchB = sizeOf(b.shape.slice(0, -2));
  const batch = sizeOf(outer);
  if (
    a.dtype !== 'float32' ||
    b.dtype !== 'float32' ||
    (batchA !== batch && batchA !== 1) ||
    (batchB !== batch && batchB !== 1)
  )
    return undefined;
  const x = backend.storage(a);
  const y = backend.storage(b);
  const z = backend.output([...outer, m, n], 'float32');
  if (k === 0) backend.fillWords(ops.fill, z, 0);
  else if (z.dataId.size > 0) {
    // One matrix of B for a batch of contiguous A is one larger product.
    const joined = batchB === 1 && batch > 1 && !transposeA && batchA === batch;
    backend
      .begin(ops.matmul)
      .tensor(z.dataId)
      .tensor(x)
      .tensor(y)
      .int(joined ? 1 : batch)
      .int(joined ? m * batch : m)
      .int(n)
      .int(k);
    backend.library.call
      .int(batchA === 1 ? 0 : m * k)
      .int(batchB === 1 ? 0 : k * n)
      .int(transposeA)
      .int(transposeB)
      .run();
  }
  return z;
}

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: Relu,
  relu6: Relu6,
  elu: Elu,
  sigmoid: Sigmoid,
  leakyrelu: LeakyRelu,
};

export const matmulKernels: readonly KernelDefinition[] = [
  defineKernel<{ a: TensorInfo; b: TensorInfo }, Transposes>(BatchMatMul, (backend) => {
    const ops = { matmul: backend.op('matmul'), fill: backend.op('fill') };
    return ({ a, b }, attrs) => multiply(backend, ops, a, b, attrs);
  }),
  defineKernel<
    { a: TensorInfo; b: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo },
    Transposes & { activation: string | null; leakyreluAlpha: number }
  >(_FusedMatMul, (backend) => {
    const ops = { matmul: backend.op('matmul'), fill: backend.op('fill') };
    const binary = backend.op('binary');
    const unary = backend.op('unary');
    return ({ a, b, bias, preluActivationWeights: slope }, attrs) => {
      const { activation, leakyreluAlpha } = attrs;
      const name = activation && activation !== 'linear' ? ACTIVATIONS[activation] : undefined;
      if (activation && activation !== 'linear' && activation !== 'prelu' && !name) return undefined;
      if (bias && bias.dtype !== 'float32') return undefined;
      const y = multiply(backend, ops, a, b, attrs);
      if (!y) return undefined;
      if (bias) runBinary(backend, binary, binaryOperation(Add), y, bias, y);
      if (activation === 'prelu' && slope) runBinary(backend, binary, binaryOperation(Prelu), y, slope, y);
      else if (name) runUnary(backend, unary, name, y, y, leakyreluAlpha);
      return y;
    };
  }),
];
