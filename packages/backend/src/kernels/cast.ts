// Cast between float32, int32 and bool.
import { Cast, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from '../kernel.ts';

/** The order of `Cast` in kernels/unary.cc. */
export const CAST = {
  floatToInt: 0,
  intToFloat: 1,
  floatToBool: 2,
  intToBool: 3,
  not: 4,
  isNan: 5,
  isInf: 6,
  isFinite: 7,
} as const;

function conversion(from: DataType, to: DataType): number | undefined {
  if (from === 'float32')
    return to === 'int32' ? CAST.floatToInt : to === 'bool' ? CAST.floatToBool : undefined;
  if (from !== 'int32' && from !== 'bool') return undefined;
  return to === 'float32' ? CAST.intToFloat : to === 'bool' ? CAST.intToBool : undefined;
}

export const castKernels: readonly KernelDefinition[] = [
  defineKernel<{ x: TensorInfo }, { dtype: DataType }>(Cast, (backend) => {
    const opcode = backend.op('cast');
    const copy = backend.op('copy');
    return ({ x }, { dtype }) => {
      if (x.dtype === dtype) return backend.alias(x, x.shape);
      const source = backend.storage(x);
      if (x.dtype === 'bool' && dtype === 'int32') {
        const y = backend.output(x.shape, dtype, source.size);
        if (source.size > 0)
          backend
            .begin(copy)
            .tensor(y.dataId)
            .int(0)
            .tensor(source)
            .int(0)
            .int(1)
            .int(source.size)
            .int(1)
            .int(1)
            .run();
        return y;
      }
      const kind = conversion(x.dtype, dtype);
      if (kind === undefined) return undefined;
      const y = backend.output(x.shape, dtype, source.size);
      backend.begin(opcode).tensor(y.dataId).tensor(source).int(source.size).int(kind).run();
      return y;
    };
  }),
];
