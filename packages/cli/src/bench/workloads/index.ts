// All workloads by name; names, sizes, optimizers and clipping are those of the PyTorch twins.
import type { Workload } from '../workload.ts';
import { bertWorkloads } from './bert.ts';
import { charLmWorkloads } from './charLm.ts';
import { decodingWorkloads } from './decoding.ts';
import { generationWorkloads } from './generation.ts';
import { microWorkloads } from './micro.ts';
import { translationWorkloads } from './translation.ts';
import { visionWorkloads } from './vision.ts';

export const workloads: Record<string, Workload> = {
  ...charLmWorkloads,
  ...translationWorkloads,
  ...bertWorkloads,
  ...visionWorkloads,
  ...decodingWorkloads,
  ...generationWorkloads,
  ...microWorkloads,
};
