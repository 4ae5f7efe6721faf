// Batch norm over all axes but the second, as kernels.
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BatchNorm, BatchNormGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';
import { maybe } from './maybe.ts';

function sizes(x: TensorInfo): [batch: number, channels: number, inner: number] {
  return [x.shape[0] as number, x.shape[1] as number, util.sizeFromShape(x.shape.slice(2))];
}

export const batchNorm = fusedKernel(BatchNorm, (backend) => {
  const op = backend.op('batchNorm');
  return ({ x, weight, bias, mean, variance }, { epsilon, training }) => {
    const shape = sizes(x);
    const y = backend.output(x.shape);
    const batchMean = training ? backend.output([shape[1]]) : mean;
    const batchVariance = training ? backend.output([shape[1]]) : variance;
    const call = backend
      .begin(op)
      .tensor(y.dataId)
      .tensor(backend.storage(batchMean))
      .tensor(backend.storage(batchVariance))
      .tensor(backend.storage(x));
    call
      .optional(maybe(backend, weight))
      .optional(maybe(backend, bias))
      .ints(shape)
      .float(epsilon)
      .int(training)
      .run();
    return training ? [y, batchMean, batchVariance] : y;
  };
});

export const batchNormGrad = gradientKernel(BatchNormGrad, (backend) => {
  const op = backend.op('batchNormGrad');
  return ({ dy, x, weight, batchMean, batchVariance }, { epsilon, needs }) => {
    const shape = sizes(x);
    const dx = needs.x ? backend.output(x.shape) : undefined;
    const dweight = backend.output([shape[1]]);
    const dbias = backend.output([shape[1]]);
    const call = backend
      .begin(op)
      .optional(dx?.dataId)
      .tensor(dweight.dataId)
      .tensor(dbias.dataId)
      .tensor(backend.storage(dy))
      .tensor(backend.storage(x));
    call
      .optional(maybe(backend, weight))
      .tensor(backend.storage(batchMean))
      .tensor(backend.storage(batchVariance))
      .ints(shape)
      .float(epsilon)
      .run();
    return { x: dx, weight: dweight, bias: dbias };
  };
});
