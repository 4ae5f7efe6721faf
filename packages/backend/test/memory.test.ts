// Ownership: what is freed when, what shares, and that nothing grows.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { D2LBackend } from '../src/index.ts';
import { kinds, use } from './backends.ts';

describe.each(kinds)('%s', (kind) => {
  let backend: D2LBackend;
  beforeAll(async () => {
    backend = await use(kind);
  });
  const used = () => backend.memory().heapBytes;

  it('frees a tensor with its last reference', () => {
    const before = used();
    const x = tf.ones([100]);
    const clone = tf.clone(x);
    const view = tf.reshape(x, [10, 10]);
    const same = tf.cast(x, 'float32');
    expect(backend.refCount(x.dataId)).toBe(4);
    expect(view.dataId).toBe(x.dataId);
    expect(backend.disposeData({})).toBe(true);
    x.dispose();
    clone.dispose();
    view.dispose();
    expect(used()).toBeGreaterThan(before);
    expect(Array.from(same.dataSync())).toEqual(Array.from({ length: 100 }, () => 1));
    same.dispose();
    expect(used()).toBe(before);
  });

  it('keeps data while disposeData says false', () => {
    const x = tf.ones([4]);
    const id = x.dataId;
    backend.incRef(id);
    expect(backend.disposeData(id)).toBe(false);
    expect(backend.refCount(id)).toBe(1);
    x.dispose();
    expect(backend.refCount(id)).toBe(0);
  });

  it('frees workspaces with the data they hang on', () => {
    const before = used();
    const x = tf.ones([4]);
    const block = backend.workspace(x, 1000);
    expect(backend.workspaces(tf.reshape(x, [2, 2]))).toEqual([block]);
    tf.dispose([x]);
    expect(used()).toBeGreaterThan(before + 4000);
    tf.disposeVariables();
    backend.disposeData(x.dataId, true);
    expect(used()).toBe(before);
  });

  it('gives a shared variable storage of its own before an update in place', () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]), true);
    const view = tf.reshape(variable, [3, 1]);
    const own = backend.ownStorage(variable);
    backend.library.f32[own.offset] = 9;
    expect(Array.from(variable.dataSync())).toEqual([9, 2, 3]);
    expect(Array.from(view.dataSync())).toEqual([1, 2, 3]);
    expect(backend.ownStorage(variable)).toBe(own);
    variable.dispose();
    view.dispose();
  });

  it('stays flat over 1,000 steps of mixed operations', () => {
    const w = tf.variable(tf.randomNormal([16, 8], 0, 1, 'float32', 1));
    const b = tf.variable(tf.zeros([8]));
    const x = tf.randomNormal([4, 16], 0, 1, 'float32', 2);
    const labels = tf.tensor1d([0, 1, 2, 3], 'int32');
    const optimizer = tf.train.sgd(0.1);
    const step = () => {
      optimizer.minimize(() => {
        const h = tf.tanh(tf.add(tf.matMul(x, w), b));
        const joined = tf.concat(
          [tf.slice(h, [0, 0], [4, 4]), tf.reverse(tf.slice(h, [0, 4], [4, 4]), 1)],
          1,
        );
        const picked = tf.gather(tf.transpose(joined), tf.tensor1d([0, 3, 5], 'int32'));
        const probabilities = tf.softmax(
          tf.pad(joined, [
            [0, 0],
            [1, 1],
          ]),
        );
        return tf.sub(
          tf.mean(tf.square(picked)),
          tf.mean(tf.mul(tf.cast(tf.oneHot(labels, 10), 'float32'), tf.log(probabilities))),
        ) as tf.Scalar;
      });
      tf.tidy(() => tf.topk(tf.matMul(x, w), 2).indices.dataSync());
      tf.tidy(() => tf.asin(tf.clipByValue(x, -1, 1)).dataSync()); // through the cpu backend
    };
    for (let i = 0; i < 20; ++i) step();
    const before = { ...tf.memory(), heap: backend.memory() };
    for (let i = 0; i < 1000; ++i) step();
    const after = { ...tf.memory(), heap: backend.memory() };
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numDataBuffers).toBe(before.numDataBuffers);
    expect(after.heap).toEqual(before.heap);
    optimizer.dispose();
    tf.dispose([w, b, x, labels]);
  });

  it('takes over tensors of another backend and gives them back', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    (tf.backend() as tf.KernelBackend & { firstUse: boolean }).firstUse = false; // no advertisement
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const id = x.dataId;
    await use(kind);
    expect(Array.from(tf.matMul(x, x).dataSync())).toEqual([7, 10, 15, 22]);
    expect(backend.refCount(id)).toBe(1);
    const ours = tf.tensor1d([5, 6]);
    await tf.setBackend('cpu');
    expect(Array.from(tf.add(tf.cast(x, 'int32'), 1).dataSync())).toEqual([2, 3, 4, 5]);
    expect(Array.from(tf.mul(ours, 2).dataSync())).toEqual([10, 12]);
    expect(backend.refCount(ours.dataId)).toBe(0);
    await use(kind);
    expect(Array.from(tf.add(ours, 1).dataSync())).toEqual([6, 7]);
    expect(Array.from(tf.mul(x, 2).dataSync())).toEqual([2, 4, 6, 8]);
    tf.dispose([x, ours]);
    expect(backend.refCount(id)).toBe(0);
  });

  it('grows the heap and keeps the data', () => {
    const small = tf.range(0, 1000);
    const large = tf.tidy(() => tf.mul(tf.ones([3_000_000]), 2));
    const larger = tf.concat([large, large, large]);
    expect(larger.size).toBe(9_000_000);
    expect(tf.sum(larger).dataSync()[0]).toBe(18_000_000);
    expect(small.dataSync()[999]).toBe(999);
    tf.dispose([small, large, larger]);
  });

  it('names the size when memory runs out', () => {
    expect(() => backend.block(2 ** 32)).toThrow(/heap: .* (too large|do not fit)/);
  });
});
