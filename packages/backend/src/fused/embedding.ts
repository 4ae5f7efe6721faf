// Embedding look-up and its scatter-add gradient, as kernels.
import { Embedding, EmbeddingGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';

export const embedding = fusedKernel(Embedding, (backend) => {
  const op = backend.op('embedding');
  return ({ ids, weight }, { scale }) => {
    const dim = weight.shape[1] as number;
    const y = backend.output([...ids.shape, dim]);
    const rows = backend.storage(ids);
    const table = backend.weights(weight);
    backend
      .begin(op)
      .tensor(y.dataId)
      .tensor(rows)
      .tensor(table)
      .int(rows.size)
      .int(dim)
      .float(scale)
      .int(table.kind)
      .run();
    return y;
  };
});

export const embeddingGrad = gradientKernel(EmbeddingGrad, (backend) => {
  const op = backend.op('embeddingGrad');
  return ({ dy, ids }, { count, scale, paddingIdx }) => {
    const dim = dy.shape[dy.shape.length - 1] as number;
    const dweight = backend.output([count, dim]);
    const rows = backend.storage(ids);
    const links = backend.block(count + rows.size);
    backend.begin(op).tensor(dweight.dataId).tensor(backend.storage(dy)).tensor(rows).tensor(links);
    backend.library.call.int(rows.size).int(count).int(dim).float(scale).int(paddingIdx).run();
    backend.freeBlock(links);
    return { weight: dweight };
  };
});
