// The ordinary TensorFlow.js kernels that we have in C++.
import type { KernelDefinition } from '../kernel.ts';
import { reshapeKernels } from './reshape.ts';

export const ordinaryKernels: readonly KernelDefinition[] = [...reshapeKernels];
