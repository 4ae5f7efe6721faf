// Layer norm over the last axis, with the residual sum fused, as kernels.
import { LayerNorm, LayerNormGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';
import { maybe } from './maybe.ts';

export const layerNorm = fusedKernel(LayerNorm, (backend) => {
  const op = backend.op('layerNorm');
  return ({ x, residual, weight, bias }, { epsilon, training }) => {
    const n = x.shape[x.shape.length - 1] as number;
    const y = backend.output(x.shape);
    const rows = n > 0 ? y.dataId.size / n : 0;
    const statistics = training ? backend.workspace(y, 2 * rows) : undefined;
    const call = backend.begin(op).tensor(y.dataId).optional(statistics).tensor(backend.storage(x));
    call.optional(maybe(backend, residual)).optional(maybe(backend, weight)).optional(maybe(backend, bias));
    call.int(rows).int(n).float(epsilon).run();
    return y;
  };
});

export const layerNormGrad = gradientKernel(LayerNormGrad, (backend) => {
  const op = backend.op('layerNormGrad');
  return ({ dy, x, residual, weight, y }, { needs }) => {
    const n = x.shape[x.shape.length - 1] as number;
    const size = backend.storage(x).size;
    const rows = n > 0 ? size / n : 0;
    const statistics = backend.workspaces(y)[0];
    if (!statistics)
      throw new Error(
        'LayerNormGrad: the forward kernel kept no statistics, got training: false; run it with training: true',
      );
    const dx = needs.x ? backend.output(x.shape) : undefined;
    const dweight = needs.weight ? backend.output([n]) : undefined;
    const dbias = needs.bias ? backend.output([n]) : undefined;
    const partials = backend.block(2 * n * backend.library.threads);
    const call = backend
      .begin(op)
      .optional(dx?.dataId)
      .optional(dweight?.dataId)
      .optional(dbias?.dataId)
      .tensor(partials);
    call
      .tensor(backend.storage(dy))
      .tensor(statistics)
      .tensor(backend.storage(x))
      .optional(maybe(backend, residual))
      .optional(maybe(backend, weight));
    call.int(rows).int(n).run();
    backend.freeBlock(partials);
    return { x: dx, weight: dweight, bias: dbias };
  };
});
