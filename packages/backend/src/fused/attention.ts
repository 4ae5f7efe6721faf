// Scaled dot-product attention over many heads, as kernels.
import type { D2LBackend } from '../backend.ts';
import type { Call, Located } from '../call.ts';
import { Attention, type AttentionAttrs, AttentionGrad } from '../contract.ts';
import { fusedKernel, gradientKernel, type InputsOf } from '../kernel.ts';
import { dropoutWords } from './dropout.ts';
import { maybe } from './maybe.ts';

type Inputs = InputsOf<typeof Attention>;

/** Where one of query, key, value begins, and how many words separate its rows. */
interface View extends Located {
  readonly row: number;
}

interface Shape {
  batch: number;
  queries: number;
  keys: number;
  /** Words of all heads of one row. */
  width: number;
}

function shapeOf({ query, key }: Inputs, { layout }: AttentionAttrs): Shape {
  const [batch, queries, last] = query.shape as [number, number, number];
  return {
    batch,
    queries,
    keys: layout === 'qkv' ? queries : (key?.shape[1] as number),
    width: layout === 'qkv' ? last / 3 : last,
  };
}

/** Query, key and value (or their gradients, in tensors of the same layout) without copying a packed tensor apart. */
function views(tensors: readonly Located[], { layout }: AttentionAttrs, width: number): [View, View, View] {
  const [first, second, third] = tensors as [Located, Located, Located];
  if (layout === 'qkv')
    return [0, 1, 2].map((part) => ({ offset: first.offset + part * width, row: 3 * width })) as [
      View,
      View,
      View,
    ];
  const query = { offset: first.offset, row: width };
  if (layout === 'separate')
    return [query, { offset: second.offset, row: width }, { offset: third.offset, row: width }];
  return [
    query,
    { offset: second.offset, row: 2 * width },
    { offset: second.offset + width, row: 2 * width },
  ];
}

function viewWords(call: Call, all: readonly View[]): Call {
  for (const view of all) call.tensor(view).int(view.row);
  return call;
}

function shapeWords(call: Call, { batch, queries, keys, width }: Shape, attrs: AttentionAttrs): Call {
  const { numHeads, scale, causal, dropout, seed } = attrs;
  call
    .ints([batch, numHeads, queries, keys, width / numHeads])
    .float(scale)
    .int(causal);
  return dropoutWords(call.int(dropout > 0), dropout, seed);
}

/** Words of scratch a head needs; abi.h's kScratchFloats bounds it. */
function checkSize({ keys, width }: Shape, { numHeads }: AttentionAttrs): void {
  const padded = Math.ceil(keys / 16) * 16;
  const rows = Math.max(12, Math.floor(24576 / (3 * padded + 1)));
  const words = padded * (width / numHeads + 3 * rows);
  if (words > 2 ** 20)
    throw new RangeError(
      `attention: keys × head size must stay below a million, got ${keys} × ${width / numHeads}; attend to fewer keys at once`,
    );
}

function tensorsOf(backend: D2LBackend, { query, key, value }: Inputs): Located[] {
  return [query, key, value].flatMap((tensor) => (tensor ? [backend.storage(tensor)] : []));
}

export const attention = fusedKernel(Attention, (backend) => {
  const op = backend.op('attention');
  return (inputs, attrs) => {
    const { validLens, mask } = inputs;
    const shape = shapeOf(inputs, attrs);
    const { batch, queries, keys, width } = shape;
    checkSize(shape, attrs);
    const y = backend.output([batch, queries, width]);
    const weightsShape = [batch, attrs.numHeads, queries, keys];
    const words = batch * attrs.numHeads * queries * keys;
    const weights = attrs.returnWeights ? backend.output(weightsShape) : undefined;
    const saved = attrs.training ? backend.workspace(y, words) : weights?.dataId;
    const [maskBatch, maskHeads, maskQueries] = (mask?.shape ?? [1, 1, 1]) as [number, number, number];
    const rows = maskQueries > 1 ? maskQueries : 1;
    const tensors = tensorsOf(backend, inputs);
    const lens = maybe(backend, validLens);
    const added = maybe(backend, mask);
    const call = viewWords(backend.begin(op), [
      { offset: y.dataId.offset, row: width },
      ...views(tensors, attrs, width),
    ]);
    call
      .optional(saved)
      .optional(lens)
      .int(validLens?.shape.length === 2)
      .optional(added);
    call
      .int(maskBatch > 1 ? maskHeads * rows * keys : 0)
      .int(maskHeads > 1 ? rows * keys : 0)
      .int(maskQueries > 1 ? keys : 0);
    shapeWords(call, shape, attrs).run();
    if (weights && saved && saved !== weights.dataId)
      backend.library.f32.copyWithin(weights.dataId.offset, saved.offset, saved.offset + words);
    return weights ? [y, weights] : y;
  };
});

export const attentionGrad = gradientKernel(AttentionGrad, (backend) => {
  const op = backend.op('attentionGrad');
  return (inputs, attrs) => {
    const shape = shapeOf(inputs, attrs);
    const saved = backend.workspaces(inputs.y)[0];
    if (!saved)
      throw new Error(
        'AttentionGrad: the forward kernel kept no weights, got training: false; run it with training: true',
      );
    const [query, key, value] = [inputs.query, inputs.key, inputs.value].map(
      (tensor) => tensor && backend.output(tensor.shape),
    );
    const outputs = views(
      [query, key, value].flatMap((gradient) => (gradient ? [gradient.dataId] : [])),
      attrs,
      shape.width,
    );
    const y = [inputs.dy, inputs.y].map((tensor) => ({
      offset: backend.storage(tensor).offset,
      row: shape.width,
    }));
    const tensors = tensorsOf(backend, inputs);
    const call = viewWords(backend.begin(op), [...outputs, ...y, ...views(tensors, attrs, shape.width)]);
    shapeWords(call.tensor(saved), shape, attrs).run();
    return { query, key, value };
  };
});
