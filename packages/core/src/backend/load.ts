// Loading one backend by name: registers it with TensorFlow.js and says which version with how many threads.
import type { BackendName } from './names.ts';
import { loadCpu } from './loadCpu.ts';
import { loadKernels } from './loadKernels.ts';
import { loadTensorflow } from './loadTensorflow.ts';
import type { LoadOptions, LoadedBackend } from './types.ts';

/** Loads a backend, or throws with the reason why it does not load. */
export function loadNamed(name: BackendName, options: LoadOptions): Promise<LoadedBackend> {
  if (name === 'tensorflow') return loadTensorflow(options);
  if (name === 'cpu') return loadCpu();
  return loadKernels(name, options);
}
