// Registers a backend's kernels with TensorFlow.js: ours where we have one, the cpu backend's for all the rest.
import { getKernel, type NamedAttrMap, type NamedTensorInfoMap, registerKernel } from '@tensorflow/tfjs-core';
import type { D2LBackend } from './backend.ts';
import { delegate } from './delegate.ts';
import { delegatedKernels } from './delegated.ts';
import { fusedKernels } from './fused/index.ts';
import type { KernelRun } from './kernel.ts';
import { ordinaryKernels } from './kernels/index.ts';
import { MissingKernelError } from './library.ts';

/** Registers all kernels of `backend` under its kind. */
export function registerKernels(backend: D2LBackend): void {
  const backendName = backend.library.kind;
  const register = (kernelName: string, run: KernelRun) => {
    if (getKernel(kernelName, backendName)) return;
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) =>
        run(inputs as NamedTensorInfoMap, attrs as NamedAttrMap) ??
        delegate(backend, kernelName, inputs as NamedTensorInfoMap, attrs as NamedAttrMap),
    });
  };
  for (const { name, create } of [...ordinaryKernels, ...fusedKernels]) {
    try {
      register(name, create(backend));
    } catch (error) {
      if (!(error instanceof MissingKernelError)) throw error;
    }
  }
  for (const name of delegatedKernels) register(name, () => undefined);
}
