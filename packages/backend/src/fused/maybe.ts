// The storage of an input that may be missing.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import type { Storage } from '../storage.ts';

/** The storage of a tensor, undefined for a missing one. */
export function maybe(backend: D2LBackend, tensor: TensorInfo | null | undefined): Storage | undefined {
  return tensor ? backend.storage(tensor) : undefined;
}
