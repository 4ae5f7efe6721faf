// What our backends offer beyond TensorFlow.js comes out the same on those that do not have it.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { filledTensor, readFloats } from './index.ts';

describeOnBackends('memory that is written and read in place', () => {
  it('fills a tensor', () => {
    tf.tidy(() => {
      const filled = filledTensor([2, 2], (values) => values.set([1, 2, 3, 4]));
      expect(filled.arraySync()).toEqual([
        [1, 2],
        [3, 4],
      ]);
    });
  });

  it('reads values to the beginning of an array that has room, else to one of their own', async () => {
    const tensor = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const room = new Float32Array(6).fill(9);
    const values = await readFloats(tensor, room);
    expect(values.buffer).toBe(room.buffer);
    expect([...values]).toEqual([1, 2, 3, 4]);
    expect([...room]).toEqual([1, 2, 3, 4, 9, 9]);
    const short = new Float32Array(3).fill(9);
    expect([...(await readFloats(tensor, short))]).toEqual([1, 2, 3, 4]);
    expect([...short]).toEqual([9, 9, 9]);
    expect([...(await readFloats(tensor))]).toEqual([1, 2, 3, 4]);
    tensor.dispose();
  });
});
