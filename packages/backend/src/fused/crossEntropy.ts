// Softmax cross-entropy on integer labels, as kernels.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import type { Call } from '../call.ts';
import { SoftmaxCrossEntropy, type SoftmaxCrossEntropyAttrs, SoftmaxCrossEntropyGrad } from '../contract.ts';
import { fusedKernel, gradientKernel, type InputsOf } from '../kernel.ts';
import { maybe } from './maybe.ts';

const REDUCTIONS = { none: 0, sum: 1, mean: 2 };

/** Labels index into rows of logits, so a wrong one must not get through. */
function checkLabels(backend: D2LBackend, labels: TensorInfo, classes: number, ignoreIndex: number): void {
  const values = backend.integers(labels);
  for (let i = 0; i < values.length; ++i) {
    const label = values[i] as number;
    if ((label < 0 || label >= classes) && label !== ignoreIndex) {
      throw new RangeError(
        `softmaxCrossEntropy: labels must be in [0, ${classes}), got ${label} in row ${i}; check the labels or set ignoreIndex`,
      );
    }
  }
}

function sharedWords(
  backend: D2LBackend,
  call: Call,
  { logits, labels, weights }: InputsOf<typeof SoftmaxCrossEntropy>,
  attrs: SoftmaxCrossEntropyAttrs,
): Call {
  call.tensor(backend.storage(logits)).tensor(backend.storage(labels)).optional(maybe(backend, weights));
  call.int(logits.shape[0] as number).int(logits.shape[1] as number);
  return call.int(REDUCTIONS[attrs.reduction]).float(attrs.labelSmoothing).int(attrs.ignoreIndex);
}

export const softmaxCrossEntropy = fusedKernel(SoftmaxCrossEntropy, (backend) => {
  const op = backend.op('crossEntropy');
  return (inputs, attrs) => {
    const [rows, classes] = inputs.logits.shape as [number, number];
    checkLabels(backend, inputs.labels, classes, attrs.ignoreIndex);
    const loss = backend.output(attrs.reduction === 'none' ? [rows] : []);
    const words = 3 * rows + 1;
    const statistics = attrs.training ? backend.workspace(loss, words) : backend.block(words);
    sharedWords(backend, backend.begin(op).tensor(loss.dataId).tensor(statistics), inputs, attrs).run();
    if (!attrs.training) backend.freeBlock(statistics);
    return loss;
  };
});

export const softmaxCrossEntropyGrad = gradientKernel(SoftmaxCrossEntropyGrad, (backend) => {
  const op = backend.op('crossEntropyGrad');
  return (inputs, attrs) => {
    const statistics = backend.workspaces(inputs.y)[0];
    if (!statistics)
      throw new Error(
        'SoftmaxCrossEntropyGrad: the forward kernel kept no statistics, got training: false; run it with training: true',
      );
    const dlogits = backend.output(inputs.logits.shape);
    sharedWords(
      backend,
      backend.begin(op).tensor(dlogits.dataId).tensor(backend.storage(inputs.dy)).tensor(statistics),
      inputs,
      attrs,
    ).run();
    return { logits: dlogits };
  };
});
