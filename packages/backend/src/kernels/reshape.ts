// Kernels that only relabel data: Identity, Reshape, ExpandDims. The result shares the storage.
import { ExpandDims, Identity, Reshape, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { defineKernel } from '../kernel.ts';

export const reshapeKernels = [
  defineKernel<{ x: TensorInfo }>(
    Identity,
    (backend) =>
      ({ x }) =>
        backend.alias(x, x.shape),
  ),
  defineKernel<{ x: TensorInfo }, { shape: number[] }>(Reshape, (backend) => ({ x }, { shape }) => {
    const size = util.sizeFromShape(x.shape);
    const target = util.inferFromImplicitShape(shape, size);
    const wanted = util.sizeFromShape(target);
    util.assert(
      size === wanted,
      () =>
        `The new shape (${target}) has ${wanted} elements and the old shape (${x.shape}) has ${size} elements. The new shape and old shape must have the same number of elements.`,
    );
    return backend.alias(x, target);
  }),
  defineKernel<{ input: TensorInfo }, { dim: number }>(ExpandDims, (backend) => ({ input }, { dim }) => {
    const shape = input.shape.slice();
    const rank = shape.length;
    util.assert(
      -(rank + 1) <= dim && dim <= rank,
      () => `Axis must be in the interval [${-(rank + 1)}, ${rank}]`,
    );
    shape.splice(dim < 0 ? rank + dim + 1 : dim, 0, 1);
    return backend.alias(input, shape);
  }),
];
