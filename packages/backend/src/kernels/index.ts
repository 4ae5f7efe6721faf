// The ordinary TensorFlow.js kernels that we have in C++.
import type { KernelDefinition } from '../kernel.ts';
import { binaryKernels } from './binary.ts';
import { castKernels } from './cast.ts';
import { copyKernels } from './copy.ts';
import { createKernels } from './create.ts';
import { matmulKernels } from './matmul.ts';
import { reduceKernels } from './reduce.ts';
import { reshapeKernels } from './reshape.ts';
import { unaryKernels } from './unary.ts';

export const ordinaryKernels: readonly KernelDefinition[] = [
  ...reshapeKernels,
  ...binaryKernels,
  ...unaryKernels,
  ...castKernels,
  ...copyKernels,
  ...reduceKernels,
  ...matmulKernels,
  ...createKernels,
];
