// Softmax under valid lengths and its gradient, as kernels.
import { MaskedSoftmax, MaskedSoftmaxGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';
import { maybe } from './maybe.ts';

export const maskedSoftmax = fusedKernel(MaskedSoftmax, (backend) => {
  const op = backend.op('maskedSoftmax');
  return ({ x, validLens }) => {
    const [batch, queries, keys] = x.shape as [number, number, number];
    const y = backend.output(x.shape);
    const perQuery = validLens?.shape.length === 2;
    backend
      .begin(op)
      .tensor(y.dataId)
      .tensor(backend.storage(x))
      .optional(maybe(backend, validLens))
      .int(perQuery);
    backend.library.call.int(batch).int(queries).int(keys).run();
    return y;
  };
});

export const maskedSoftmaxGrad = gradientKernel(MaskedSoftmaxGrad, (backend) => {
  const op = backend.op('softmaxGrad');
  return ({ dy, y }) => {
    const keys = y.shape[y.shape.length - 1] as number;
    const dx = backend.output(y.shape);
    const rows = keys > 0 ? dx.dataId.size / keys : 0;
    backend
      .begin(op)
      .tensor(dx.dataId)
      .tensor(backend.storage(dy))
      .tensor(backend.storage(y))
      .int(rows)
      .int(keys)
      .run();
    return { x: dx };
  };
});
