// Every gradient rule against central differences, on every backend.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../../test/support/backends.ts';
import { checkGradients, pattern } from '../../../test/support/numeric.ts';

type Case = [name: string, f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: () => tf.Tensor[]];

const away = (shape: number[], low = 0.3, high = 1.5) =>
  tf.tidy(() => tf.add(tf.mul(tf.add(pattern(shape), 1), (high - low) / 2), low)); // in (low, high)
const signed = (shape: number[]) =>
  tf.tidy(() => tf.mul(away(shape), tf.sign(tf.add(pattern(shape, 1, 2), 0.01))));
const small = (shape: number[]) => pattern(shape, 0.8);
const ids = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape, 'int32');

const unary: [string, (x: tf.Tensor) => tf.Tensor, (shape: number[]) => tf.Tensor][] = [
  ['abs', tf.abs, signed],
  ['acos', tf.acos, small],
  ['acosh', tf.acosh, (s) => away(s, 1.5, 3)],
  ['asin', tf.asin, small],
  ['asinh', tf.asinh, signed],
  ['atan', tf.atan, signed],
  ['atanh', tf.atanh, small],
  ['clipByValue', (x) => tf.clipByValue(x, -0.5, 0.72), signed],
  ['cos', tf.cos, signed],
  ['cosh', tf.cosh, signed],
  ['elu', tf.elu, signed],
  ['erf', tf.erf, signed],
  ['exp', tf.exp, signed],
  ['expm1', tf.expm1, signed],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.2), signed],
  ['log', tf.log, away],
  ['log1p', tf.log1p, away],
  ['neg', tf.neg, signed],
  ['reciprocal', tf.reciprocal, away],
  ['relu', tf.relu, signed],
  ['relu6', (x) => tf.relu6(tf.mul(x, 5)), signed],
  ['rsqrt', tf.rsqrt, away],
  ['selu', tf.selu, signed],
  ['sigmoid', tf.sigmoid, signed],
  ['sin', tf.sin, signed],
  ['sinh', tf.sinh, signed],
  ['softplus', tf.softplus, signed],
  ['sqrt', tf.sqrt, away],
  ['square', tf.square, signed],
  ['tan', tf.tan, small],
  ['tanh', tf.tanh, signed],
];

const binary: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['squaredDifference', tf.squaredDifference],
  ['atan2', tf.atan2],
  ['pow', tf.pow],
  ['divNoNan', tf.divNoNan],
];

const cases: Case[] = [
  ...unary.map(([name, f, values]): Case => [name, f, () => [values([2, 3])]]),
  ...binary.flatMap(([name, f]): Case[] => [
    [name, f, () => [away([2, 3]), away([2, 3], 0.4, 1.3)]],
    [`${name}, broadcast`, f, () => [away([2, 1, 3]), away([4, 1], 0.42, 1.31)]],
  ]),
  ['prelu', tf.prelu, () => [signed([2, 3]), away([3])]],
  ['mod', (a) => tf.mod(a, 5), () => [away([2, 2])]],
  ['step and sign are flat', (x) => tf.add(tf.mul(tf.step(x), x), tf.sign(x)), () => [signed([5])]],
  ['floor', (x) => tf.add(tf.floor(tf.mul(x, 2.3)), x), () => [signed([5])]],
  ['addN', (a, b) => tf.addN([a, b, a]), () => [small([2, 2]), small([2, 2])]],
  ['where(a > 0, a, b)', (a, b) => tf.where(tf.greater(a, 0), a, b), () => [signed([3, 2]), small([3, 2])]],
  [
    'where, broadcast',
    (a, b) => tf.where(tf.tensor2d([[1, 0, 1]], [1, 3], 'bool'), a, b),
    () => [small([2, 3]), small([3])],
  ],
  ['cast', (x) => tf.mul(tf.cast(x, 'float32'), x), () => [small([3])]],
  [
    'cast to int stops',
    (x) => tf.add(tf.cast(tf.cast(tf.add(tf.mul(x, 0.1), 3.5), 'int32'), 'float32'), x),
    () => [small([3])],
  ],
  ['broadcastTo', (x) => tf.broadcastTo(x, [3, 2, 4]), () => [small([2, 1])]],
  ['sum of an axis', (x) => tf.sum(x, 1), () => [small([2, 3, 2])]],
  ['sum of all', (x) => tf.sum(x), () => [small([2, 3])]],
  ['mean, kept', (x) => tf.mean(x, [0, -1], true), () => [small([2, 3, 2])]],
  ['max', (x) => tf.max(x, 1), () => [small([2, 5])]],
  ['min', (x) => tf.min(x, [0, 2]), () => [small([2, 3, 2])]],
  ['prod of an axis', (x) => tf.prod(x, 1), () => [signed([2, 3])]],
  ['prod with a zero', (x) => tf.prod(x, 0), () => [tf.tensor1d([0.5, 0, 2])]],
  ['cumsum', (x) => tf.cumsum(x, 1, true, false), () => [small([2, 4])]],
  ['cumsum, reverse', (x) => tf.cumsum(x, 0, false, true), () => [small([3, 2])]],
  ['softmax', (x) => tf.softmax(x), () => [small([2, 5])]],
  ['logSoftmax', (x) => tf.logSoftmax(x), () => [small([2, 5])]],
  ['logSumExp', (x) => tf.logSumExp(x, 1), () => [small([2, 5])]],
  ['topk', (x) => tf.topk(x, 2).values, () => [small([3, 5])]],
  ['topk of one axis', (x) => tf.topk(x, 3).values, () => [small([6])]],
  ['reshape', (x) => tf.reshape(x, [3, 2]), () => [small([2, 3])]],
  ['expandDims', (x) => tf.expandDims(x, 1), () => [small([2, 3])]],
  ['transpose', (x) => tf.transpose(x, [2, 0, 1]), () => [small([2, 3, 4])]],
  ['slice', (x) => tf.slice(x, [1, 0], [1, -1]), () => [small([3, 2])]],
  ['stridedSlice', (x) => tf.stridedSlice(x, [0, 4], [3, 0], [2, -2]), () => [small([3, 5])]],
  [
    'stridedSlice with masks',
    (x) => tf.stridedSlice(x, [1, 0], [2, 3], [1, 1], 0, 2, 0, 0, 1),
    () => [small([3, 4])],
  ],
  [
    'pad',
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        3,
      ),
    () => [small([2, 2])],
  ],
  ['reverse', (x) => tf.reverse(x, [1]), () => [small([2, 3])]],
  ['tile', (x) => tf.tile(x, [2, 1, 3]), () => [small([2, 2, 1])]],
  ['concat', (a, b) => tf.concat([a, b], 1), () => [small([2, 1]), small([2, 3])]],
  ['stack', (a, b) => tf.stack([a, b], 1), () => [small([2, 2]), small([2, 2])]],
  ['unstack, one part unused', (x) => tf.mul(tf.unstack(x, 1)[1] as tf.Tensor, 2), () => [small([2, 3])]],
  [
    'split',
    (x) => tf.concat([...tf.split(x, [1, 2], 1), tf.split(x, 3, 1)[2] as tf.Tensor], 1),
    () => [small([2, 3])],
  ],
  [
    'spaceToBatchND',
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    () => [small([1, 2, 2, 1])],
  ],
  [
    'batchToSpaceND',
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    () => [small([4, 1, 1, 1])],
  ],
  ...[false, true].flatMap((ta) =>
    [false, true].map((tb): Case => [
      `matMul ${ta} ${tb}`,
      (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, ta, tb),
      () => [small(ta ? [3, 2] : [2, 3]), small(tb ? [4, 3] : [3, 4])],
    ]),
  ),
  ['matMul, broadcast batch', (a, b) => tf.matMul(a, b), () => [small([2, 2, 3]), small([1, 3, 2])]],
  ['einsum', (a, b) => tf.einsum('bij,bjk->bik', a, b), () => [small([2, 2, 3]), small([2, 3, 2])]],
  ['einsum of one, summed axis', (a) => tf.einsum('ijk->ki', a), () => [small([2, 3, 2])]],
  ['gather', (x) => tf.gather(x, ids([2, 0, 2]) as tf.Tensor1D), () => [small([3, 2])]],
  ['gather, axis 1', (x) => tf.gather(x, ids([1, 1, 0, 2], [2, 2]), 1), () => [small([2, 3, 2])]],
  ['gather, batched', (x) => tf.gather(x, ids([1, 0, 2, 2], [2, 2]), 1, 1), () => [small([2, 3, 2])]],
  ['gatherND', (x) => tf.gatherND(x, ids([0, 1, 2, 0, 0, 1], [3, 2])), () => [small([3, 2])]],
  ['scatterND', (x) => tf.scatterND(ids([2, 0], [2, 1]), x, [4, 2]), () => [small([2, 2])]],
  [
    'unsortedSegmentSum',
    (x) => tf.unsortedSegmentSum(x, ids([1, 0, 1]) as tf.Tensor1D, 3),
    () => [small([3, 2])],
  ],
  [
    'conv2d',
    (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [2, 1], 'same'),
    () => [small([1, 4, 3, 2]), small([3, 2, 2, 2])],
  ],
  [
    'conv2dTranspose',
    (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [1, 4, 4, 1], 2, 'same'),
    () => [small([1, 2, 2, 2]), small([2, 2, 1, 2])],
  ],
  [
    'depthwiseConv2d',
    (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'),
    () => [small([1, 3, 3, 2]), small([2, 2, 2, 1])],
  ],
  ['maxPool', (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), () => [small([1, 4, 4, 2])]],
  ['avgPool', (x) => tf.avgPool(x as tf.Tensor4D, 2, 1, 'same'), () => [small([1, 3, 3, 1])]],
  ['resizeBilinear', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [4, 5]), () => [small([1, 2, 3, 1])]],
  [
    'resizeNearestNeighbor',
    (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 4]),
    () => [small([1, 2, 2, 1])],
  ],
  [
    'batchNorm',
    (x, m, v, o, s) =>
      tf.batchNorm(x as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D),
    () => [small([2, 2, 1, 3]), small([3]), away([3]), small([3]), small([3])],
  ],
];

describeOnBackends('gradient rules', () => {
  it.each(cases)('%s', (_, f, inputs) => {
    const before = tf.memory().numTensors;
    const tensors = tf.tidy(inputs);
    checkGradients(f, tensors);
    tf.dispose(tensors);
    expect(tf.memory().numTensors).toBe(before);
  });
});
