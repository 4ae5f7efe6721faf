// Reads one safetensors file from bytes with our reader, and says what it cost.
import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { FormatError } from '../../src/errors/index.ts';
import { readSafetensors } from '../../src/files/index.ts';

export interface Reading {
  accepted: boolean;
  milliseconds: number;
}

/** Any other failure than a FormatError, and a tensor left behind, is thrown. */
export async function readBytes(path: string, bytes: Uint8Array): Promise<Reading> {
  await writeFile(path, bytes);
  const tensors = tf.memory().numTensors;
  const start = performance.now();
  let accepted = true;
  try {
    tf.dispose(await readSafetensors(path));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    accepted = false;
  }
  const milliseconds = performance.now() - start;
  if (tf.memory().numTensors !== tensors) throw new Error('tensors are left behind');
  return { accepted, milliseconds };
}
