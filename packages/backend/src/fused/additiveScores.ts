// Additive attention scores, as kernels.
import { AdditiveScores, AdditiveScoresGrad } from '../contract.ts';
import { fusedKernel, gradientKernel, type InputsOf } from '../kernel.ts';

type Inputs = InputsOf<typeof AdditiveScores>;

function sizes({ queries, keys }: Inputs): [batch: number, queries: number, keys: number, hidden: number] {
  return [
    queries.shape[0] as number,
    queries.shape[1] as number,
    keys.shape[1] as number,
    queries.shape[2] as number,
  ];
}

export const additiveScores = fusedKernel(AdditiveScores, (backend) => {
  const op = backend.op('additiveScores');
  return (inputs) => {
    const [batch, queries, keys, hidden] = sizes(inputs);
    const scores = backend.output([batch, queries, keys]);
    backend
      .begin(op)
      .tensor(scores.dataId)
      .tensor(backend.storage(inputs.queries))
      .tensor(backend.storage(inputs.keys))
      .tensor(backend.storage(inputs.v));
    backend.library.call.ints([batch, queries, keys, hidden]).run();
    return scores;
  };
});

export const additiveScoresGrad = gradientKernel(AdditiveScoresGrad, (backend) => {
  const op = backend.op('additiveScoresGrad');
  return (inputs) => {
    const dqueries = backend.output(inputs.queries.shape);
    const dkeys = backend.output(inputs.keys.shape);
    const dv = backend.output(inputs.v.shape);
    const partials = backend.block(dv.dataId.size * backend.library.threads);
    const call = backend
      .begin(op)
      .tensor(dqueries.dataId)
      .tensor(dkeys.dataId)
      .tensor(dv.dataId)
      .tensor(partials)
      .tensor(backend.storage(inputs.dy));
    call
      .tensor(backend.storage(inputs.queries))
      .tensor(backend.storage(inputs.keys))
      .tensor(backend.storage(inputs.v))
      .ints(sizes(inputs))
      .run();
    backend.freeBlock(partials);
    return { queries: dqueries, keys: dkeys, v: dv };
  };
});
