// Linear layers, as kernels.
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type Activation, Linear, LinearGrad } from '../contract.ts';
import { fusedKernel, gradientKernel } from '../kernel.ts';
import { maybe } from './maybe.ts';

/** The kernels' numbers of the activations; `Activation` in gemm.h. */
const activations: Readonly<Record<Activation, number>> = {
  linear: 0,
  relu: 1,
  gelu: 2,
  tanh: 3,
  sigmoid: 4,
  silu: 5,
};

/** Whether the gradient needs the values before the activation (the others follow from the result). */
function keepsBefore(activation: Activation): boolean {
  return activation === 'gelu' || activation === 'silu';
}

function sizes(x: TensorInfo, weight: TensorInfo): [rows: number, inputs: number, outputs: number] {
  const [outputs, inputs] = weight.shape as [number, number];
  return [util.sizeFromShape(x.shape.slice(0, -1)), inputs, outputs];
}

export const linear = fusedKernel(Linear, (backend) => {
  const op = backend.op('linear');
  return ({ x, weight, bias }, { activation, training }) => {
    const shape = sizes(x, weight);
    const y = backend.output([...x.shape.slice(0, -1), shape[2]]);
    const before = training && keepsBefore(activation) ? backend.workspace(y, y.dataId.size) : undefined;
    const stored = [backend.storage(x), backend.weights(weight), maybe(backend, bias)] as const;
    backend
      .begin(op)
      .tensor(y.dataId)
      .tensor(stored[0])
      .tensor(stored[1])
      .optional(stored[2])
      .ints(shape)
      .int(activations[activation])
      .optional(before)
      .int(stored[1].kind)
      .run();
    return y;
  };
});

export const linearGrad = gradientKernel(LinearGrad, (backend) => {
  const op = backend.op('linearGrad');
  return ({ dy, x, weight, y }, { activation, needs }) => {
    const shape = sizes(x, weight);
    const before = keepsBefore(activation) ? backend.workspaces(y)[0] : undefined;
    if (keepsBefore(activation) && !before)
      throw new Error(
        `LinearGrad: the forward kernel kept no values, got training: false; run it with training: true`,
      );
    const stored = [dy, x, weight, y].map((tensor) => backend.storage(tensor));
    const dx = needs.x ? backend.output(x.shape) : undefined;
    const dweight = needs.weight ? backend.output(weight.shape) : undefined;
    const dbias = needs.bias ? backend.output([shape[2]]) : undefined;
    const temporary = activation === 'linear' ? undefined : backend.block(shape[0] * shape[2]);
    const call = backend.begin(op);
    for (const storage of stored) call.tensor(storage);
    call.optional(before).ints(shape).int(activations[activation]);
    for (const gradient of [dx, dweight, dbias]) call.optional(gradient?.dataId);
    call.optional(temporary).run();
    if (temporary) backend.freeBlock(temporary);
    return { x: dx, weight: dweight, bias: dbias };
  };
});
