// Modules and layers.
export { GELU, ReLU, SiLU, Sigmoid, Softmax, Tanh } from './activations.ts';
export { GRUCell, LSTMCell, RNNCell, type CellOptions } from './cells.ts';
export { ModuleList, Sequential } from './containers.ts';
export {
  AvgPool2d,
  Conv1d,
  Conv2d,
  Flatten,
  GlobalAvgPool2d,
  MaxPool2d,
  type Conv1dLayerOptions,
  type Conv2dLayerOptions,
  type PoolLayerOptions,
} from './convolution.ts';
export { Dropout } from './dropout.ts';
export { Embedding, type EmbeddingLayerOptions } from './embedding.ts';
export { Linear, type LinearLayerOptions } from './linear.ts';
export type { LoadResult, StateValue } from './loadState.ts';
export { Module, type Layer } from './module.ts';
export {
  BatchNorm1d,
  BatchNorm2d,
  LayerNorm,
  type BatchNormLayerOptions,
  type LayerNormLayerOptions,
} from './normalization.ts';
export { buffer, buildBounded, initialized, isBuffer, parameter } from './parameter.ts';
export {
  GRU,
  LSTM,
  RNN,
  type RecurrentLayerOptions,
  type RecurrentOutput,
  type RecurrentState,
  type RnnOptions,
} from './recurrent.ts';
