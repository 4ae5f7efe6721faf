// The mean of several checkpoints' weights: often better than any one of them.
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, ShapeError } from '../errors/index.ts';
import { readSafetensors, type TensorDict } from '../files/index.ts';

/**
 * Averages `model.safetensors` of the given folders, one file in memory at a time. The caller disposes the result.
 *
 * @throws ConfigError without folders, ShapeError when the models differ
 */
export async function averageCheckpoints(folders: readonly string[]): Promise<TensorDict> {
  if (folders.length === 0) {
    throw new ConfigError({
      operation: 'averageCheckpoints',
      fact: 'there must be a checkpoint',
      argument: 'folders',
    });
  }
  let sum: TensorDict = {};
  for (const [i, folder] of folders.entries()) {
    const next = await readSafetensors(join(folder, 'model.safetensors'));
    if (i === 0) {
      sum = next;
      continue;
    }
    try {
      checkSame(sum, next, folder);
    } catch (error) {
      tf.dispose([sum, next]);
      throw error;
    }
    sum = replace(sum, (tensor, name) =>
      tensor.dtype === 'float32' ? tf.add(tensor, next[name]!) : tf.clone(next[name]!),
    );
    tf.dispose(next);
  }
  return replace(sum, (tensor) =>
    tensor.dtype === 'float32' ? tf.div(tensor, folders.length) : tf.clone(tensor),
  );
}

function replace(tensors: TensorDict, change: (tensor: tf.Tensor, name: string) => tf.Tensor): TensorDict {
  const result = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]),
  );
  tf.dispose(tensors);
  return result;
}

function checkSame(sum: TensorDict, next: TensorDict, folder: string): void {
  const layout = (tensors: TensorDict) =>
    Object.entries(tensors)
      .map(([name, { shape, dtype }]) => `${name} ${dtype} [${shape.join(', ')}]`)
      .sort();
  const [expected, found] = [layout(sum), layout(next)];
  const different = found.find((line, i) => line !== expected[i]) ?? expected[found.length];
  if (different === undefined) return;
  throw new ShapeError({
    operation: 'averageCheckpoints',
    fact: `${folder} must hold the same tensors as the first checkpoint`,
    value: different,
  });
}
