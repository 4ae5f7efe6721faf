// Models in and out: kinds of models and their configs, model folders, other libraries' state names.
export {
  architecture,
  buildArchitecture,
  type Architecture,
  type ArchitectureConfig,
  type Architectures,
} from './architectures.ts';
export { checkFields, field, type Field, type FieldPlace, type Fields, type FieldsOf } from './fields.ts';
export {
  buildFor,
  checkModelConfig,
  loadModel,
  openModel,
  saveModel,
  type ModelConfig,
  type ModelFormat,
  type OpenedModel,
  type SavedModel,
} from './modelFormat.ts';
export { readForeign, rename, writeForeign, type StateMap, type StateRule } from './stateMap.ts';
