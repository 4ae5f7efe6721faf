// Initial values of parameters.
export { fans, gain, type Nonlinearity } from './fans.ts';
export {
  constant,
  initialize,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierNormal,
  xavierUniform,
  type Initializer,
  type KaimingOptions,
} from './initializers.ts';
