// The fused kernels that this backend adds to TensorFlow.js: names, inputs, attributes and outputs.
//
// @d2lts/core registers their gradients and, on backends that lack them, composes the same result from
// TensorFlow.js operations. All tensors are float32 and row-major unless said otherwise; ids, labels and
// lengths are int32. Kernels that need their forward intermediates in the backward pass keep them as a
// workspace attached to their first output when `training` is set; the Grad kernel takes that output (`y`).
// Grad kernels return only the gradients asked for in `needs`, in the order of the listed inputs.

/** Elementwise activations a fused kernel can apply. `gelu` is the exact one (erf). */
export type Activation = 'linear' | 'relu' | 'gelu' | 'tanh' | 'sigmoid' | 'silu';

/** `y = activation(x weightᵀ + bias)`; inputs `{x: [..., in], weight: [out, in], bias?: [out]}` → `[y: [..., out]]`. */
export const Linear = 'D2LLinear';
export interface LinearAttrs {
  activation: Activation;
  training: boolean;
}
/** Inputs `{dy, x, weight, y}` → the needed of `[dx, dweight, dbias]`. */
export const LinearGrad = 'D2LLinearGrad';
export interface LinearGradAttrs {
  activation: Activation;
  needs: { x: boolean; weight: boolean; bias: boolean };
}

/** `y = weight[ids] · scale`; inputs `{ids: int32 [...], weight: [count, dim]}` → `[y: [..., dim]]`; ids are checked by the caller. */
export const Embedding = 'D2LEmbedding';
export interface EmbeddingAttrs {
  scale: number;
  /** This row gets no gradient; −1 for none. */
  paddingIdx: number;
}
/** Scatter-add; inputs `{dy, ids}` → `[dweight: [count, dim]]`; rows of `paddingIdx` (−1: none) stay zero. */
export const EmbeddingGrad = 'D2LEmbeddingGrad';
export interface EmbeddingGradAttrs {
  count: number;
  scale: number;
  paddingIdx: number;
}

/** Over the last axis; inputs `{x: [..., n], residual?: [..., n], weight?: [n], bias?: [n]}` → `[y]` with y = norm(x + residual)·weight + bias. */
export const LayerNorm = 'D2LLayerNorm';
export interface LayerNormAttrs {
  epsilon: number;
  training: boolean;
}
/** Inputs `{dy, x, residual?, weight?, y}` → the needed of `[dx, dweight, dbias]`; dresidual equals dx. */
export const LayerNormGrad = 'D2LLayerNormGrad';
export interface LayerNormGradAttrs {
  needs: { x: boolean; weight: boolean; bias: boolean };
}

/**
 * Softmax over the last axis of `x: [batch, queries, keys]`, zero at keys ≥ the valid length;
 * inputs `{x, validLens?: int32 [batch] or [batch, queries]}` → `[y]`. A row of valid length 0 is all zeros.
 */
export const MaskedSoftmax = 'D2LMaskedSoftmax';
/** Inputs `{dy, y}` → `[dx]`. */
export const MaskedSoftmaxGrad = 'D2LMaskedSoftmaxGrad';

/**
 * Inputs `{logits: [rows, classes], labels: int32 [rows], weights?: [rows]}` → `[loss]`: `[rows]` for 'none',
 * a scalar for 'sum' and 'mean'. A row counts w = weights·(label ≠ ignoreIndex); mean is Σ w·loss / Σ w
 * (0 when Σ w = 0). Label smoothing ε as PyTorch: (1−ε)·nll + ε·mean over classes of −log p.
 */
export const SoftmaxCrossEntropy = 'D2LSoftmaxCrossEntropy';
export interface SoftmaxCrossEntropyAttrs {
  reduction: 'none' | 'sum' | 'mean';
  labelSmoothing: number;
  ignoreIndex: number;
  training: boolean;
}
/** Inputs `{dy: shape of loss, logits, labels, weights?, y: loss}` → `[dlogits]`. */
export const SoftmaxCrossEntropyGrad = 'D2LSoftmaxCrossEntropyGrad';

/**
 * Many heads in one call. Layout 'separate': inputs `{query: [B, Tq, H·d], key: [B, Tk, H·d], value: [B, Tk, H·d]}`;
 * 'qkv': `{query: [B, T, 3·H·d]}` packed q, k, v; 'q_kv': `{query: [B, Tq, H·d], key: [B, Tk, 2·H·d]}`.
 * Optional `validLens: int32 [B] or [B, Tq]` and `mask: float32 [B|1, H|1, Tq|1, Tk]`, added to the scores.
 * `causal`: query i sees keys ≤ i + Tk − Tq. Dropout acts on the weights. A row that sees nothing gives zeros.
 * → `[y: [B, Tq, H·d]]`, and `weights: [B, H, Tq, Tk]` (after softmax, before dropout) with `returnWeights`.
 */
export const Attention = 'D2LAttention';
export interface AttentionAttrs {
  numHeads: number;
  layout: 'separate' | 'qkv' | 'q_kv';
  scale: number;
  causal: boolean;
  dropout: number;
  /** Two 32-bit words that key the dropout mask. */
  seed: [number, number];
  returnWeights: boolean;
  training: boolean;
}
/** Inputs `{dy, query, key?, value?, y}` → gradients of the given inputs in the same layout. */
export const AttentionGrad = 'D2LAttentionGrad';

/** `scores[b, i, j] = Σ_h v[h]·tanh(queries[b, i, h] + keys[b, j, h])`; inputs `{queries: [B, Q, h], keys: [B, K, h], v: [h]}` → `[scores: [B, Q, K]]`. */
export const AdditiveScores = 'D2LAdditiveScores';
/** Inputs `{dy, queries, keys, v}` → `[dqueries, dkeys, dv]`. */
export const AdditiveScoresGrad = 'D2LAdditiveScoresGrad';

/** Inverted dropout; inputs `{x}` → `[y]`; the mask is a function of seed and position (Philox), so its gradient is itself on dy. */
export const Dropout = 'D2LDropout';
export interface DropoutAttrs {
  p: number;
  seed: [number, number];
}

/**
 * One recurrent layer, one direction, the whole sequence, PyTorch's gate order (GRU: r, z, n; LSTM: i, f, g, o).
 * Inputs `{x: [B, T, in], weightIh: [G·h, in], weightHh: [G·h, h], biasIh?: [G·h], biasHh?: [G·h],
 * h0?: [B, h], c0?: [B, h], lengths?: int32 [B]}` → `[y: [B, T, h], hN: [B, h]]`, LSTM also `cN: [B, h]`.
 * Steps at or past a row's length give zeros and leave its state alone; `reverse` starts at the last valid step.
 */
export const Recurrent = 'D2LRecurrent';
export type Cell = 'rnnTanh' | 'rnnRelu' | 'gru' | 'lstm';
export interface RecurrentAttrs {
  cell: Cell;
  reverse: boolean;
  training: boolean;
}
/**
 * Inputs `{dy, dhN, dcN?, x, weightIh, weightHh, biasIh?, biasHh?, h0?, c0?, lengths?, y}` → the needed of
 * `[dx, dweightIh, dweightHh, dbiasIh, dbiasHh, dh0, dc0]`.
 */
export const RecurrentGrad = 'D2LRecurrentGrad';
export interface RecurrentGradAttrs {
  cell: Cell;
  reverse: boolean;
  needs: { x: boolean; weights: boolean; bias: boolean; h0: boolean; c0: boolean };
}

/** PyTorch's layout: inputs `{x: [N, C, H, W], weight: [out, C/groups, kh, kw], bias?: [out]}` → `[y: [N, out, H', W']]`. */
export const Conv2d = 'D2LConv2d';
export interface Conv2dAttrs {
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  groups: number;
}
/** Inputs `{dy, x, weight}` → the needed of `[dx, dweight, dbias]`. */
export const Conv2dGrad = 'D2LConv2dGrad';
export interface Conv2dGradAttrs extends Conv2dAttrs {
  needs: { x: boolean; weight: boolean; bias: boolean };
}

/** Max or average pooling of `{x: [N, C, H, W]}` → `[y]`; padding counts in averages as PyTorch's default (count_include_pad). */
export const Pool2d = 'D2LPool2d';
export interface Pool2dAttrs {
  kind: 'max' | 'avg';
  kernel: [number, number];
  stride: [number, number];
  padding: [number, number];
}
/** Inputs `{dy, x}` → `[dx]`; ties go to the first maximum of a window. */
export const Pool2dGrad = 'D2LPool2dGrad';

/**
 * Batch norm over all axes but 1; inputs `{x: [N, C, ...], weight?: [C], bias?: [C], mean: [C], variance: [C]}` → `[y]`
 * in evaluation; in training mean and variance are the batch's, returned as `[y, batchMean, batchVariance (biased)]`.
 */
export const BatchNorm = 'D2LBatchNorm';
export interface BatchNormAttrs {
  epsilon: number;
  training: boolean;
}
/** Training only; inputs `{dy, x, weight?, batchMean, batchVariance}` → the needed of `[dx, dweight, dbias]`. */
export const BatchNormGrad = 'D2LBatchNormGrad';
export interface BatchNormGradAttrs {
  epsilon: number;
  needs: { x: boolean; weight: boolean; bias: boolean };
}

/**
 * The differentiable kernels above, by name: inputs (`?` marks those that may be left out), outputs, attributes. Calls and
 * gradient rules in @d2lts/core are typed by this.
 */
export interface FusedKernels {
  [Linear]: { inputs: 'x' | 'weight' | 'bias?'; outputs: 'y'; attrs: LinearAttrs };
  [Embedding]: { inputs: 'ids' | 'weight'; outputs: 'y'; attrs: EmbeddingAttrs };
  [LayerNorm]: { inputs: 'x' | 'residual?' | 'weight?' | 'bias?'; outputs: 'y'; attrs: LayerNormAttrs };
  [MaskedSoftmax]: { inputs: 'x' | 'validLens?'; outputs: 'y'; attrs: NoAttrs };
  [SoftmaxCrossEntropy]: {
    inputs: 'logits' | 'labels' | 'weights?';
    outputs: 'loss';
    attrs: SoftmaxCrossEntropyAttrs;
  };
  [Attention]: {
    inputs: 'query' | 'key?' | 'value?' | 'validLens?' | 'mask?';
    outputs: 'y' | 'weights';
    attrs: AttentionAttrs;
  };
  [AdditiveScores]: { inputs: 'queries' | 'keys' | 'v'; outputs: 'scores'; attrs: NoAttrs };
  [Dropout]: { inputs: 'x'; outputs: 'y'; attrs: DropoutAttrs };
  [Recurrent]: {
    inputs: 'x' | 'weightIh' | 'weightHh' | 'biasIh?' | 'biasHh?' | 'h0?' | 'c0?' | 'lengths?';
    outputs: 'y' | 'hN' | 'cN';
    attrs: RecurrentAttrs;
  };
  [Conv2d]: { inputs: 'x' | 'weight' | 'bias?'; outputs: 'y'; attrs: Conv2dAttrs };
  [Pool2d]: { inputs: 'x'; outputs: 'y'; attrs: Pool2dAttrs };
  [BatchNorm]: {
    inputs: 'x' | 'weight?' | 'bias?' | 'mean' | 'variance';
    outputs: 'y' | 'batchMean' | 'batchVariance';
    attrs: BatchNormAttrs;
  };
}

/** The outputs of each kernel in order; some are there with some attributes only. */
export const fusedOutputs: { readonly [K in keyof FusedKernels]: readonly FusedKernels[K]['outputs'][] } = {
  [Linear]: ['y'],
  [Embedding]: ['y'],
  [LayerNorm]: ['y'],
  [MaskedSoftmax]: ['y'],
  [SoftmaxCrossEntropy]: ['loss'],
  [Attention]: ['y', 'weights'],
  [AdditiveScores]: ['scores'],
  [Dropout]: ['y'],
  [Recurrent]: ['y', 'hN', 'cN'],
  [Conv2d]: ['y'],
  [Pool2d]: ['y'],
  [BatchNorm]: ['y', 'batchMean', 'batchVariance'],
};

/** Attributes of the kernels that compute gradients. */
export interface GradientKernels {
  [LinearGrad]: LinearGradAttrs;
  [EmbeddingGrad]: EmbeddingGradAttrs;
  [LayerNormGrad]: LayerNormGradAttrs;
  [MaskedSoftmaxGrad]: NoAttrs;
  [SoftmaxCrossEntropyGrad]: SoftmaxCrossEntropyAttrs;
  [AttentionGrad]: AttentionAttrs;
  [AdditiveScoresGrad]: NoAttrs;
  [RecurrentGrad]: RecurrentGradAttrs;
  [Conv2dGrad]: Conv2dGradAttrs;
  [Pool2dGrad]: Pool2dAttrs;
  [BatchNormGrad]: BatchNormGradAttrs;
}

type NoAttrs = Record<string, never>;

/** Hyperparameters of one in-place optimizer step, PyTorch's meaning; `step` counts from 1. */
export type OptimizerUpdate =
  | {
      kind: 'sgd';
      lr: number;
      weightDecay: number;
      momentum: number;
      dampening: number;
      nesterov: boolean;
      step: number;
    }
  | {
      kind: 'adam' | 'adamw';
      lr: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
      step: number;
    };
