// TensorFlow.js' own JavaScript backend: slow, always there, the reference.
import * as tf from '@tensorflow/tfjs-core';
import type { LoadedBackend } from './types.ts';

/** Registers the `cpu` backend. */
export async function loadCpu(): Promise<LoadedBackend> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  const backend = tf.findBackend('cpu');
  // On first use in Node it would print advice to install tfjs-node.
  if ('firstUse' in backend) backend.firstUse = false;
  return { name: 'cpu', version, threads: 1, detail: 'plain JavaScript' };
}
