// scaledDotProductAttention: many heads in one call, with valid lengths, masks and dropout.
import { Attention, AttentionGrad } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import {
  attentionAttrs,
  type AttentionInputs,
  type AttentionOptions,
  type AttentionResult,
} from './attentionArguments.ts';
import { composeAttention, weightsGradient } from './attentionReference.ts';
import { fusedKernel, gradientKernel, hasKernel, isRecording } from './kernel.ts';

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
  const [output, weights] = runAttention(
    { query, key, value, validLens, mask },
    { ...attrs, training: isRecording() },
  ) as [tf.Tensor, tf.Tensor?];
  return weights === undefined ? { output } : { output, weights };
}

const runAttention = fusedKernel(Attention, {
  inputs: ['query', 'key', 'value'], // masks are in the weights that the kernel keeps
  outputs: ({ returnWeights }) => (returnWeights ? ['y', 'weights'] : ['y']),
  results: ['y', 'weights'],
  backward: ({ dy, gradient, input, output, attrs, needs }) => {
    const inputs = { query: input('query'), key: input('key'), value: input('value') };
    const gradients = gradientKernel(
      AttentionGrad,
      { dy, ...inputs, y: output('y') },
      { ...attrs, needs: { query: needs('query'), key: needs('key'), value: needs('value') } },
    );
    const dWeights = gradient('weights');
    if (dWeights === undefined) return gradients;
    const more = weightsGradient(inputs, output('weights'), dWeights, attrs);
    return Object.fromEntries(
      Object.entries(gradients).map(([name, dx]) => [name, () => tf.add(dx(), more[name] as tf.Tensor)]),
    );
  },
});
