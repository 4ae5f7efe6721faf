// Files: safetensors, model folders, run folders, atomic writing.
export { atomicWrite } from './atomicWrite.ts';
export {
  readSafetensors,
  writeSafetensors,
  type TensorDict,
  type WriteSafetensorsOptions,
} from './safetensors.ts';
export { SafetensorsFile } from './safetensorsFile.ts';
export type { SafetensorsDtype, TensorArray, TensorData } from './safetensorsTypes.ts';
export { writeTensorData, type FloatDtype, type TensorSource } from './writeSafetensors.ts';
export { readJsonObject, readText, writeJson, type Json, type JsonObject } from './json.ts';
export {
  loadModelFolder,
  saveModelFolder,
  type ModelFolder,
  type ModelFolderContent,
} from './modelFolder.ts';
export { RunFolder, type BestCheckpoint, type CreateRunFolderOptions } from './runFolder.ts';
