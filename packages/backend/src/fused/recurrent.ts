// Recurrent layers over a whole sequence, as kernels.
import { type Cell, Recurrent, RecurrentGrad } from '../contract.ts';
import { fusedKernel, gradientKernel, type InputsOf } from '../kernel.ts';
import { maybe } from './maybe.ts';

/** The kernels' numbers of the cells; `Cell` in recurrent.h. */
const cells: Readonly<Record<Cell, number>> = { rnnTanh: 0, rnnRelu: 1, gru: 2, lstm: 3 };

function sizes({
  x,
  weightHh,
}: InputsOf<typeof Recurrent>): [batch: number, steps: number, inputs: number, hidden: number] {
  const [batch, steps, inputs] = x.shape as [number, number, number];
  return [batch, steps, inputs, weightHh.shape[1] as number];
}

export const recurrent = fusedKernel(Recurrent, (backend) => {
  const op = backend.op('recurrent');
  const space = backend.op('recurrentSpace');
  return (inputs, { cell, reverse, training }) => {
    const shape = sizes(inputs);
    const [batch, steps, , hidden] = shape;
    const stored = [inputs.x, inputs.weightIh, inputs.weightHh].map((tensor) => backend.storage(tensor));
    const optional = [inputs.biasIh, inputs.biasHh, inputs.h0, inputs.c0, inputs.lengths].map((tensor) =>
      maybe(backend, tensor),
    );
    const y = backend.output([batch, steps, hidden]);
    const states = Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => backend.output([batch, hidden]));
    const call = backend.begin(space).int(cells[cell]).ints(shape).int(training);
    call.run();
    const [words, saved] = [call.resultInt(0), call.resultInt(1)];
    const workspace = saved > 0 ? backend.workspace(y, saved) : undefined;
    const temporary = backend.block(words);
    backend.begin(op).int(cells[cell]).int(reverse).ints(shape).int(training);
    for (const storage of stored) call.tensor(storage);
    for (const storage of optional) call.optional(storage);
    call
      .tensor(y.dataId)
      .optional(states[0]?.dataId)
      .optional(states[1]?.dataId)
      .optional(workspace)
      .tensor(temporary)
      .run();
    backend.freeBlock(temporary);
    return [y, ...states];
  };
});

export const recurrentGrad = gradientKernel(RecurrentGrad, (backend) => {
  const op = backend.op('recurrentGrad');
  const space = backend.op('recurrentGradSpace');
  return (inputs, { cell, reverse, needs }) => {
    const shape = sizes(inputs);
    const [batch, , , hidden] = shape;
    const workspace = backend.workspaces(inputs.y)[0];
    if (!workspace && (cell === 'gru' || cell === 'lstm') && inputs.y.shape.every((size) => size > 0))
      throw new Error(
        'RecurrentGrad: the forward kernel kept no gates, got training: false; run it with training: true',
      );
    const gradients = [inputs.dy, inputs.dhN, inputs.dcN].map((tensor) => maybe(backend, tensor));
    const stored = [inputs.x, inputs.weightIh, inputs.weightHh].map((tensor) => backend.storage(tensor));
    const optional = [inputs.h0, inputs.c0, inputs.lengths].map((tensor) => maybe(backend, tensor));
    const y = backend.storage(inputs.y);
    const bias = [inputs.weightHh.shape[0] as number];
    const state = [batch, hidden];
    const output = (wanted: boolean, size: number[]) => (wanted ? backend.output(size) : undefined);
    const results = {
      x: output(needs.x, inputs.x.shape),
      weightIh: output(needs.weightIh, inputs.weightIh.shape),
      weightHh: output(needs.weightHh, inputs.weightHh.shape),
      biasIh: output(needs.biasIh, bias),
      biasHh: output(needs.biasHh, bias),
      h0: output(needs.h0, state),
      c0: output(needs.c0, state),
    };
    const call = backend.begin(space).int(cells[cell]).ints(shape);
    call.run();
    const temporary = backend.block(call.resultInt(0));
    backend.begin(op).int(cells[cell]).int(reverse).ints(shape);
    for (const storage of gradients) call.optional(storage);
    for (const storage of stored) call.tensor(storage);
    for (const storage of optional) call.optional(storage);
    call.tensor(y).optional(workspace);
    for (const result of Object.values(results)) call.optional(result?.dataId);
    call.tensor(temporary).run();
    backend.freeBlock(temporary);
    return results;
  };
});
