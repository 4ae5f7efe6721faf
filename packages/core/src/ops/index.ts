// Fused operations: one file an operation; each has a kernel on our backends and a composition as the reference.
export type { Activation } from '@d2lts/backend';
export { activate, gelu, geluTanh, silu } from './activation.ts';
export { additiveScores, composeAdditiveScores } from './additiveScores.ts';
export { scaledDotProductAttention } from './attention.ts';
export type { AttentionInputs, AttentionOptions, AttentionResult } from './attentionArguments.ts';
export { composeAttention, mergeHeads, splitHeads } from './attentionReference.ts';
export { batchNorm, composeBatchNorm, type BatchNormOptions, type BatchNormResult } from './batchNorm.ts';
export { checkIds, checkShape, checkType } from './check.ts';
export { consume } from './consume.ts';
export { composeConv2d, conv2d, type Conv2dOptions } from './conv2d.ts';
export { composeDropout, dropout, dropoutMask, type SeedPair } from './dropout.ts';
export { composeEmbedding, embedding, type EmbeddingOptions } from './embedding.ts';
export { hasKernel } from './kernel.ts';
export { composeLayerNorm, layerNorm, type LayerNormOptions } from './layerNorm.ts';
export { composeLinear, linear, type LinearOptions } from './linear.ts';
export { composeMaskedSoftmax, maskedSoftmax } from './maskedSoftmax.ts';
export { avgPool2d, composePool2d, maxPool2d, pool2d, type Pool2dOptions } from './pool2d.ts';
export { gates, recurrent } from './recurrent.ts';
export {
  composeRecurrent,
  type RecurrentInputs,
  type RecurrentOptions,
  type RecurrentResult,
} from './recurrentReference.ts';
export {
  composeSoftmaxCrossEntropy,
  softmaxCrossEntropy,
  type Reduction,
  type SoftmaxCrossEntropyOptions,
} from './softmaxCrossEntropy.ts';
