// Differentiation: gradient rules for TensorFlow.js kernels, and our own backward pass.
export { registerGradients } from './gradients/index.ts';
export {
  defineRule,
  findRule,
  type AnyKernel,
  type Backward,
  type NoGradient,
  type Rule,
  type Signature,
} from './rules.ts';
export type { Thunks } from './engine.ts';
export { valueAndGrads, type ValueAndGrads } from './valueAndGrads.ts';
