// The fused kernels that this backend adds to TensorFlow.js: names, inputs, outputs and attributes.
//
// @d2lts/core registers their gradients and, on backends that lack them, composes the same result from
// TensorFlow.js operations. All tensors are float32 and row-major unless said otherwise; ids, labels and
// lengths are int32. Kernels that need their forward intermediates in the backward pass keep them as a
// workspace attached to their first output when `training` is set; the Grad kernel takes that output (`y`).

/** What a kernel takes (inputs with `?` may be left out), its outputs in order, and its attributes. */
interface Kernel<Inputs, Outputs extends string[], Attrs = object> {
  inputs: Inputs;
  outputs: Outputs;
  attrs: Attrs;
}

/** A kernel that gives the gradients of those inputs for which `needs` is true, in the order of its keys. */
interface Gradient<Inputs, Of extends string, Attrs = object> {
  inputs: Inputs;
  outputs: Of[];
  attrs: Attrs & { needs: Record<Of, boolean> };
}

/** Elementwise activations a fused kernel can apply. `gelu` is the exact one (erf). */
export type Activation = 'linear' | 'relu' | 'gelu' | 'tanh' | 'sigmoid' | 'silu';

/** `y = activation(x weightᵀ + bias)`: x [..., in], weight [out, in], bias [out] → y [..., out]. */
export const Linear = 'D2LLinear';
export const LinearGrad = 'D2LLinearGrad';
export interface LinearAttrs {
  activation: Activation;
  training: boolean;
}

/** `y = weight[ids] · scale`: ids int32 [...], weight [count, dim] → y [..., dim]; ids are checked by the caller. */
export const Embedding = 'D2LEmbedding';
/** Adds rows of dy to [count, dim]. */
export const EmbeddingGrad = 'D2LEmbeddingGrad';
export interface EmbeddingAttrs {
  scale: number;
  /** This id's row gets no gradient; −1 for none. */
  paddingIdx: number;
}

/** Over the last axis: x, residual [..., n], weight, bias [n] → y = norm(x + residual) · weight + bias. */
export const LayerNorm = 'D2LLayerNorm';
/** The gradient of residual is that of x. */
export const LayerNormGrad = 'D2LLayerNormGrad';
export interface LayerNormAttrs {
  epsilon: number;
  training: boolean;
}

/**
 * Softmax over the last axis of x [batch, queries, keys], zero at keys ≥ the valid length, int32 [batch] or
 * [batch, queries]. A row of valid length 0 is all zeros.
 */
export const MaskedSoftmax = 'D2LMaskedSoftmax';
export const MaskedSoftmaxGrad = 'D2LMaskedSoftmaxGrad';

/**
 * logits [rows, classes], labels int32 [rows], weights [rows] → y: [rows] for 'none', a scalar for 'sum' and 'mean'.
 * A row counts w = weights · (label ≠ ignoreIndex); mean is Σ w · loss / Σ w (0 when Σ w = 0). Label smoothing ε as
 * PyTorch: (1 − ε) · nll + ε · mean over classes of −log p.
 */
export const SoftmaxCrossEntropy = 'D2LSoftmaxCrossEntropy';
export const SoftmaxCrossEntropyGrad = 'D2LSoftmaxCrossEntropyGrad';
export interface SoftmaxCrossEntropyAttrs {
  reduction: 'none' | 'sum' | 'mean';
  labelSmoothing: number;
  ignoreIndex: number;
  training: boolean;
}

/**
 * Many heads in one call. Layout 'separate': query [B, Tq, H·d], key and value [B, Tk, H·d]; 'qkv': query
 * [B, T, 3·H·d] is packed q, k, v; 'q_kv': query [B, Tq, H·d], key [B, Tk, 2·H·d]. validLens is int32 [B] or [B, Tq];
 * mask [B|1, H|1, Tq|1, Tk] is added to the scores. `causal`: query i sees keys ≤ i + Tk − Tq. Dropout acts on the
 * weights. A row that sees nothing gives zeros. → y [B, Tq, H·d], and with `returnWeights` the weights [B, H, Tq, Tk]
 * (after softmax, before dropout).
 */
export const Attention = 'D2LAttention';
/** Gradients in the layout of the inputs. */
export const AttentionGrad = 'D2LAttentionGrad';
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

/** `y[b, i, j] = Σ_h v[h] · tanh(queries[b, i, h] + keys[b, j, h])`: queries [B, Q, h], keys [B, K, h], v [h]. */
export const AdditiveScores = 'D2LAdditiveScores';
export const AdditiveScoresGrad = 'D2LAdditiveScoresGrad';

/** Inverted dropout; the mask is a function of seed and position (Philox), so its gradient is itself on dy. */
export const Dropout = 'D2LDropout';
export interface DropoutAttrs {
  p: number;
  seed: [number, number];
}

/**
 * One recurrent layer, one direction, the whole sequence, PyTorch's gate order (GRU: r, z, n; LSTM: i, f, g, o):
 * x [B, T, in], weightIh [G·h, in], weightHh [G·h, h], biases [G·h], h0 and c0 [B, h], lengths int32 [B] →
 * y [B, T, h], hN [B, h], for an LSTM also cN [B, h]. Steps at or past a row's length give zeros and leave its state
 * alone; `reverse` starts at the last valid step.
 */
export const Recurrent = 'D2LRecurrent';
export const RecurrentGrad = 'D2LRecurrentGrad';
export type Cell = 'rnnTanh' | 'rnnRelu' | 'gru' | 'lstm';
export interface RecurrentAttrs {
  cell: Cell;
  reverse: boolean;
  training: boolean;
}

/** PyTorch's layout: x [N, C, H, W], weight [out, C / groups, kh, kw], bias [out] → y [N, out, H', W']. */
export const Conv2d = 'D2LConv2d';
export const Conv2dGrad = 'D2LConv2dGrad';
export interface Conv2dAttrs {
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  groups: number;
}

/** Max or average pooling of x [N, C, H, W]; padding counts in averages as PyTorch's default (count_include_pad). */
export const Pool2d = 'D2LPool2d';
/** Ties go to the first maximum of a window. */
export const Pool2dGrad = 'D2LPool2dGrad';
export interface Pool2dAttrs {
  kind: 'max' | 'avg';
  kernel: [number, number];
  stride: [number, number];
  padding: [number, number];
}

/**
 * Batch norm over all axes but 1: x [N, C, ...], all others [C] → y in evaluation; in training mean and variance are
 * the batch's and returned, the variance biased.
 */
export const BatchNorm = 'D2LBatchNorm';
/** Training only. */
export const BatchNormGrad = 'D2LBatchNormGrad';
export interface BatchNormAttrs {
  epsilon: number;
  training: boolean;
}

interface RecurrentInputs<T> {
  x: T;
  weightIh: T;
  weightHh: T;
  biasIh?: T;
  biasHh?: T;
  h0?: T;
  c0?: T;
  lengths?: T;
}

/** Every kernel by its name; `T` is the type of tensors. */
export interface Kernels<T> {
  [Linear]: Kernel<{ x: T; weight: T; bias?: T }, ['y'], LinearAttrs>;
  [LinearGrad]: Gradient<
    { dy: T; x: T; weight: T; y: T },
    'x' | 'weight' | 'bias',
    { activation: Activation }
  >;
  [Embedding]: Kernel<{ ids: T; weight: T }, ['y'], EmbeddingAttrs>;
  [EmbeddingGrad]: Gradient<{ dy: T; ids: T }, 'weight', EmbeddingAttrs & { count: number }>;
  [LayerNorm]: Kernel<{ x: T; residual?: T; weight?: T; bias?: T }, ['y'], LayerNormAttrs>;
  [LayerNormGrad]: Gradient<{ dy: T; x: T; residual?: T; weight?: T; y: T }, 'x' | 'weight' | 'bias'>;
  [MaskedSoftmax]: Kernel<{ x: T; validLens?: T }, ['y']>;
  [MaskedSoftmaxGrad]: Gradient<{ dy: T; y: T }, 'x'>;
  [SoftmaxCrossEntropy]: Kernel<{ logits: T; labels: T; weights?: T }, ['y'], SoftmaxCrossEntropyAttrs>;
  [SoftmaxCrossEntropyGrad]: Gradient<
    { dy: T; logits: T; labels: T; weights?: T; y: T },
    'logits',
    SoftmaxCrossEntropyAttrs
  >;
  [Attention]: Kernel<
    { query: T; key?: T; value?: T; validLens?: T; mask?: T },
    ['y', 'weights'],
    AttentionAttrs
  >;
  [AttentionGrad]: Gradient<
    { dy: T; query: T; key?: T; value?: T; y: T },
    'query' | 'key' | 'value',
    AttentionAttrs
  >;
  [AdditiveScores]: Kernel<{ queries: T; keys: T; v: T }, ['y']>;
  [AdditiveScoresGrad]: Gradient<{ dy: T; queries: T; keys: T; v: T }, 'queries' | 'keys' | 'v'>;
  [Dropout]: Kernel<{ x: T }, ['y'], DropoutAttrs>;
  [Recurrent]: Kernel<RecurrentInputs<T>, ['y', 'hN', 'cN'], RecurrentAttrs>;
  [RecurrentGrad]: Gradient<
    RecurrentInputs<T> & { dy?: T; dhN?: T; dcN?: T; y: T },
    'x' | 'weightIh' | 'weightHh' | 'biasIh' | 'biasHh' | 'h0' | 'c0',
    { cell: Cell; reverse: boolean }
  >;
  [Conv2d]: Kernel<{ x: T; weight: T; bias?: T }, ['y'], Conv2dAttrs>;
  [Conv2dGrad]: Gradient<{ dy: T; x: T; weight: T }, 'x' | 'weight' | 'bias', Conv2dAttrs>;
  [Pool2d]: Kernel<{ x: T }, ['y'], Pool2dAttrs>;
  [Pool2dGrad]: Gradient<{ dy: T; x: T }, 'x', Pool2dAttrs>;
  [BatchNorm]: Kernel<
    { x: T; weight?: T; bias?: T; mean: T; variance: T },
    ['y', 'batchMean', 'batchVariance'],
    BatchNormAttrs
  >;
  [BatchNormGrad]: Gradient<
    { dy: T; x: T; weight?: T; batchMean: T; batchVariance: T },
    'x' | 'weight' | 'bias',
    { epsilon: number }
  >;
}

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
