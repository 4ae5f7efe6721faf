// Choosing and inspecting the backend that runs the tensor operations.
export { diagnose, type BackendDiagnosis, type DiagnoseOptions } from './diagnose.ts';
export { filledTensor, narrowWeights, readFloats } from './fusedBackend.ts';
export { backendNames, type BackendName, type Environment } from './names.ts';
export type { LoadedBackend, LoadOptions } from './types.ts';
export { useBackend, type BackendChoice, type UseBackendOptions } from './useBackend.ts';
