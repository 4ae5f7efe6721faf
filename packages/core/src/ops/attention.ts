// scaledDotProductAttention: many heads in one call, with valid lengths, masks and dropout.
import { Attention, AttentionGrad, type AttentionAttrs } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { defineFusedRule } from '../autograd/rules.ts';
import {
  attentionAttrs,
  type AttentionInputs,
  type AttentionOptions,
  type AttentionResult,
} from './attentionArguments.ts';
import { composeAttention, weightsGradient } from './attentionReference.ts';
import { gradientKernel, hasKernel, isRecording, runKernel } from './kernel.ts';

/**
 * `softmax(scale · q kᵀ + mask) · v` for each head. A query that sees no key gets zeros. Vaswani et al., 2017;
 * book: attention-scoring-functions and multihead-attention.
 *
 * @throws ShapeError when sizes do not fit; ValueError when dropout has no seed.
 */
export function scaledDotProductAttention(
  inputs: AttentionInputs,
  options: AttentionOptions = {},
): AttentionResult {
  const attrs = attentionAttrs(inputs, options);
  const { query, key, value } = inputs;
  const sameWidth = value === undefined || value.shape[2] === query.shape[2];
  if (!sameWidth || !hasKernel(Attention)) return composeAttention(inputs, options, attrs);
  const { validLens, mask } = options;
  const kernelAttrs: AttentionAttrs = { ...attrs, training: isRecording() };
  const [output, weights] = runKernel(Attention, { query, key, value, validLens, mask }, kernelAttrs) as [
    tf.Tensor,
    tf.Tensor?,
  ];
  return weights === undefined ? { output } : { output, weights };
}

defineFusedRule(Attention, {
  inputs: ['query', 'key', 'value'], // masks are in the weights that the kernel keeps
  outputs: ({ returnWeights }) => (returnWeights ? ['y', 'weights'] : ['y']),
  backward: ({ dy, gradient, matters, input, output, attrs, has }) => {
    const [query, key, value] = [input('query'), input('key'), input('value')];
    const order = (['query', 'key', 'value'] as const).filter(has);
    const thunks = gradientKernel(AttentionGrad, { dy, query, key, value, y: output('y') }, attrs, order);
    if (!attrs.returnWeights || !matters('weights')) return thunks;
    const more = weightsGradient({ query, key, value }, output('weights'), gradient('weights'), attrs);
    return Object.fromEntries(order.map((name) => [name, () => tf.add(thunks[name]!(), more[name]!)]));
  },
});
