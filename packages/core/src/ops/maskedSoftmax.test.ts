// maskedSoftmax: rows sum to 1 over the valid length; kernel, composition, gradients.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { checkOperation } from '../../test/support/reference.ts';
import { composeMaskedSoftmax, maskedSoftmax } from './index.ts';

describeOnBackends('maskedSoftmax', (backend) => {
  const check = (shape: number[], lens?: { values: number[]; shape: number[] }, differences = true) => {
    const validLens = lens && tf.tensor(lens.values, lens.shape, 'int32');
    checkOperation({
      kernel: 'D2LMaskedSoftmax',
      backend,
      operation: (x) => maskedSoftmax(x as tf.Tensor, validLens),
      reference: (x) => composeMaskedSoftmax(x as tf.Tensor, validLens),
      inputs: () => [pattern(shape, 3)],
      differences,
    });
    validLens?.dispose();
  };

  it('hides keys past the length of the batch or of the query', () => {
    check([2, 2, 4], { values: [2, 3], shape: [2] });
    check([2, 2, 4], { values: [1, 3, 2, 4], shape: [2, 2] });
    check([2, 3, 5]);
  });

  it('takes lengths of 0 and beyond the keys, size 1 and nothing', () => {
    check([3, 2, 3], { values: [0, 1, 7], shape: [3] });
    check([1, 1, 1], { values: [1], shape: [1] });
    check([1, 1, 1], { values: [0], shape: [1] });
    check([0, 2, 3], { values: [], shape: [0] }, false);
    check([2, 5, 33], { values: [33, 17], shape: [2] }, false);
  });

  it('sums to 1 over the valid length (book, masked_softmax)', () => {
    tf.tidy(() => {
      const y = maskedSoftmax(
        pattern([2, 2, 4]),
        tf.tensor2d(
          [
            [1, 3],
            [2, 4],
          ],
          [2, 2],
          'int32',
        ),
      );
      expectClose(tf.sum(y, -1), [1, 1, 1, 1]);
      const rows = y.arraySync() as number[][][];
      expect(rows[0]?.[0]?.slice(1)).toEqual([0, 0, 0]);
      expect(rows[1]?.[0]?.slice(2)).toEqual([0, 0]);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      expect(() => maskedSoftmax(tf.zeros([2, 3]))).toThrow(
        'maskedSoftmax: x must be [batch, queries, keys], got [2, 3]; add the missing axis',
      );
      expect(() => maskedSoftmax(tf.zeros([2, 3, 4]), tf.tensor1d([1], 'int32'))).toThrow(
        'maskedSoftmax: validLens must be [2], got [1]',
      );
    });
  });
});
