// 2-D convolution in PyTorch's layout, as kernels.
import { Conv2d, type Conv2dAttrs, Conv2dGrad } from '../contract.ts';
import { fusedKernel, gradientKernel, type InputsOf } from '../kernel.ts';
import { maybe } from './maybe.ts';

type Inputs = InputsOf<typeof Conv2d>;

/** The output's height and width. */
function outputSize({ x, weight }: Inputs, { stride, padding, dilation }: Conv2dAttrs): [number, number] {
  const size = (axis: 0 | 1) => {
    const space =
      (x.shape[2 + axis] as number) +
      2 * padding[axis] -
      dilation[axis] * ((weight.shape[2 + axis] as number) - 1) -
      1;
    return space < 0 ? 0 : Math.floor(space / stride[axis]) + 1;
  };
  return [size(0), size(1)];
}

/** The words of the C++ ConvShape. */
function words(
  { x, weight }: Inputs,
  [oh, ow]: [number, number],
  { stride, padding, dilation, groups }: Conv2dAttrs,
): number[] {
  const [, , kh, kw] = weight.shape as [number, number, number, number];
  return [...x.shape, weight.shape[0] as number, oh, ow, kh, kw, ...stride, ...padding, ...dilation, groups];
}

/** A part's scratch holds the columns of 32 positions at least. */
function checkSize({ weight }: Inputs): void {
  const depth = (weight.shape[1] as number) * (weight.shape[2] as number) * (weight.shape[3] as number);
  if ((depth + (weight.shape[0] as number)) * 32 > 2 ** 19) {
    throw new RangeError(
      `conv2d: a kernel of ${depth} inputs and ${weight.shape[0]} outputs is too large; the limit is 16000 together`,
    );
  }
}

export const conv2d = fusedKernel(Conv2d, (backend) => {
  const op = backend.op('conv');
  const space = backend.op('convSpace');
  return (inputs, attrs) => {
    checkSize(inputs);
    const size = outputSize(inputs, attrs);
    const shape = words(inputs, size, attrs);
    const y = backend.output([inputs.x.shape[0] as number, inputs.weight.shape[0] as number, ...size]);
    const stored = [inputs.x, inputs.weight].map((tensor) => backend.storage(tensor));
    const bias = maybe(backend, inputs.bias);
    const call = backend.begin(space).ints(shape).ints([0, 0]);
    call.run();
    const temporary = backend.block(call.resultInt(0));
    backend.begin(op).tensor(y.dataId);
    for (const storage of stored) call.tensor(storage);
    call.optional(bias).ints(shape).tensor(temporary).run();
    backend.freeBlock(temporary);
    return y;
  };
});

export const conv2dGrad = gradientKernel(Conv2dGrad, (backend) => {
  const op = backend.op('convGrad');
  const space = backend.op('convSpace');
  return (inputs, attrs) => {
    const { x, weight, dy } = inputs;
    const { needs } = attrs;
    checkSize(inputs);
    const shape = words(inputs, [dy.shape[2] as number, dy.shape[3] as number], attrs);
    const dx = needs.x ? backend.output(x.shape) : undefined;
    const dweight = needs.weight ? backend.output(weight.shape) : undefined;
    const dbias = needs.bias ? backend.output([weight.shape[0] as number]) : undefined;
    const stored = [dy, x, weight].map((tensor) => backend.storage(tensor));
    const call = backend.begin(space).ints(shape).int(needs.x).int(needs.weight);
    call.run();
    const temporary = backend.block(call.resultInt(0));
    backend.begin(op);
    for (const gradient of [dx, dweight, dbias]) call.optional(gradient?.dataId);
    call.tensor(temporary);
    for (const storage of stored) call.tensor(storage);
    call.ints(shape).run();
    backend.freeBlock(temporary);
    return { x: dx, weight: dweight, bias: dbias };
  };
});
