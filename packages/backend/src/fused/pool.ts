// Max and average pooling in PyTorch's layout, as kernels.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Pool2d, type Pool2dAttrs, Pool2dGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';

/** A part's scratch holds a few rows of the image. */
function checkSize(x: TensorInfo): void {
  if ((x.shape[3] as number) > 2 ** 17) {
    throw new RangeError(
      `pool2d: rows must have at most ${2 ** 17} columns, got ${x.shape[3]}; cut the image`,
    );
  }
}

/** The words of the C++ Pool. */
function words(
  x: TensorInfo,
  [oh, ow]: [number, number],
  { kind, kernel, stride, padding }: Pool2dAttrs,
): number[] {
  const [n, channels, h, w] = x.shape as [number, number, number, number];
  return [n * channels, h, w, oh, ow, ...kernel, ...stride, ...padding, kind === 'avg' ? 1 : 0];
}

export const pool2d = fusedKernel(Pool2d, (backend) => {
  const op = backend.op('pool');
  return ({ x }, attrs) => {
    checkSize(x);
    const size = (axis: 0 | 1) => {
      const space = (x.shape[2 + axis] as number) + 2 * attrs.padding[axis] - attrs.kernel[axis];
      return space < 0 ? 0 : Math.floor(space / attrs.stride[axis]) + 1;
    };
    const output: [number, number] = [size(0), size(1)];
    const y = backend.output([x.shape[0] as number, x.shape[1] as number, ...output]);
    backend
      .begin(op)
      .tensor(y.dataId)
      .tensor(backend.storage(x))
      .ints(words(x, output, attrs))
      .run();
    return y;
  };
});

export const pool2dGrad = gradientKernel(Pool2dGrad, (backend) => {
  const op = backend.op('poolGrad');
  return ({ dy, x }, attrs) => {
    checkSize(x);
    const dx = backend.output(x.shape);
    const call = backend.begin(op).tensor(dx.dataId).tensor(backend.storage(dy)).tensor(backend.storage(x));
    call.ints(words(x, [dy.shape[2] as number, dy.shape[3] as number], attrs)).run();
    return { x: dx };
  };
});
