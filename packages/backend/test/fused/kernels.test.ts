// What golden values cannot say about the fused kernels: empty batches, repeatability, threads, labels, memory.
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadedKinds, needing, random, run, select } from './kernels.ts';

const kinds = await loadedKinds();
const attentionAttrs = {
  numHeads: 4,
  layout: 'separate',
  scale: 0.25,
  causal: false,
  dropout: 0.1,
  seed: [1, 2],
  returnWeights: false,
  training: true,
};
const attentionGradAttrs = { ...attentionAttrs, ...needing('query', 'key', 'value') };
const scoresAttrs = needing('queries', 'keys', 'v');
const lossAttrs = { reduction: 'mean', labelSmoothing: 0, ignoreIndex: -1, training: true };
const { needs } = needing('x', 'weight', 'bias');
const conv = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1, needs };

/** A digest of a tensor's bits. */
const bits = (tensor: tf.Tensor) =>
  createHash('sha256')
    .update(tensor.dataSync() as Float32Array)
    .digest('hex');

/** Forward and backward of kernels that share work between threads, large enough to be shared. */
function everything(): tf.Tensor[] {
  const [query, key, value, dy] = [1, 2, 3, 4].map((seed) => random([16, 40, 64], seed)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const y = run('D2LAttention', { query, key, value }, attentionAttrs);
  const x = random([600, 256], 5);
  const weight = random([256], 6);
  const normed = run('D2LLayerNorm', { x, weight, bias: weight }, { epsilon: 1e-5, training: true });
  const labels = tf.tensor(
    Array.from({ length: 600 }, (_, i) => (i * 7) % 256),
    [600],
    'int32',
  );
  const loss = run('D2LSoftmaxCrossEntropy', { logits: x, labels }, lossAttrs);
  const image = random([8, 3, 20, 20], 7);
  const kernel = random([8, 3, 3, 3], 8);
  const convolved = run('D2LConv2d', { x: image, weight: kernel }, conv);
  const [queries, keys, v] = [random([32, 8, 64], 9), random([32, 9, 64], 10), random([64], 11)];
  return [
    ...y,
    ...run('D2LAttentionGrad', { query, key, value, dy, y: y[0] as tf.Tensor }, attentionGradAttrs),
    ...normed,
    ...run('D2LLayerNormGrad', { dy: x, x, weight, y: normed[0] as tf.Tensor }, { needs }),
    ...loss,
    ...run(
      'D2LSoftmaxCrossEntropyGrad',
      { dy: tf.scalar(1), logits: x, labels, y: loss[0] as tf.Tensor },
      { ...lossAttrs, ...needing('logits') },
    ),
    ...run(
      'D2LEmbeddingGrad',
      { dy: x, ids: labels },
      { count: 256, scale: 1, paddingIdx: -1, ...needing('weight') },
    ),
    ...run('D2LDropout', { x }, { p: 0.3, seed: [3, 4] }),
    ...convolved,
    ...run('D2LConv2dGrad', { dy: convolved[0] as tf.Tensor, x: image, weight: kernel }, conv),
    ...run('D2LAdditiveScoresGrad', { dy: random([32, 8, 9], 12), queries, keys, v }, scoresAttrs),
  ];
}

describe.each(kinds)('%s', (kind) => {
  beforeAll(async () => {
    await select(kind, 2);
  });

  it('gives the same bits every time', () => {
    tf.tidy(() => {
      const first = everything().map(bits);
      expect(everything().map(bits)).toEqual(first);
    });
  });

  it('gives the same embedding gradient, dropout and attention on one thread as on two', async () => {
    const query = random([16, 40, 64]);
    const both: unknown[] = [];
    for (const threads of [1, 2]) {
      await select(kind, threads);
      both.push(
        tf.tidy(() => {
          const x = random([600, 256], 5);
          const ids = tf.tensor(
            Array.from({ length: 600 }, (_, i) => i % 5),
            [600],
            'int32',
          );
          const all = [
            ...run('D2LDropout', { x }, { p: 0.3, seed: [3, 4] }),
            ...run(
              'D2LEmbeddingGrad',
              { dy: x, ids },
              { count: 9, scale: 1, paddingIdx: 2, ...needing('weight') },
            ),
            ...run('D2LAttention', { query, key: query, value: query }, attentionAttrs),
          ];
          return all.map(bits);
        }),
      );
    }
    expect(both[1]).toEqual(both[0]);
    query.dispose();
  });

  it('takes empty batches', () => {
    tf.tidy(() => {
      const none = tf.zeros([0, 3, 8]);
      const shapes = (outputs: tf.Tensor[]) => outputs.map(({ shape }) => shape);
      const y = run('D2LAttention', { query: none, key: none, value: none }, attentionAttrs);
      expect(shapes(y)).toEqual([[0, 3, 8]]);
      expect(
        shapes(
          run(
            'D2LAttentionGrad',
            { query: none, key: none, value: none, dy: none, y: y[0] as tf.Tensor },
            attentionGradAttrs,
          ),
        ),
      ).toEqual([
        [0, 3, 8],
        [0, 3, 8],
        [0, 3, 8],
      ]);
      const scores = run(
        'D2LAdditiveScoresGrad',
        { dy: tf.zeros([0, 3, 3]), queries: none, keys: none, v: tf.ones([8]) },
        scoresAttrs,
      );
      expect(scores[2]?.dataSync()).toEqual(new Float32Array(8));
      expect(shapes(run('D2LMaskedSoftmax', { x: none }))).toEqual([[0, 3, 8]]);
      const labels = tf.tensor([], [0], 'int32');
      const logits = tf.zeros([0, 5]);
      const loss = run('D2LSoftmaxCrossEntropy', { logits, labels }, lossAttrs);
      expect(loss[0]?.dataSync()).toEqual(new Float32Array([0]));
      expect(
        shapes(
          run(
            'D2LSoftmaxCrossEntropyGrad',
            { dy: tf.scalar(1), logits, labels, y: loss[0] as tf.Tensor },
            { ...lossAttrs, ...needing('logits') },
          ),
        ),
      ).toEqual([[0, 5]]);
      const normed = run('D2LLayerNorm', { x: none }, { epsilon: 1e-5, training: true });
      const gradients = run('D2LLayerNormGrad', { dy: none, x: none, y: normed[0] as tf.Tensor }, { needs });
      expect(gradients.map((gradient) => gradient.dataSync())).toEqual([
        new Float32Array(0),
        new Float32Array(8),
        new Float32Array(8),
      ]);
      expect(
        run(
          'D2LEmbeddingGrad',
          { dy: logits, ids: labels },
          { count: 3, scale: 1, paddingIdx: -1, ...needing('weight') },
        )[0]?.dataSync(),
      ).toEqual(new Float32Array(15));
      expect(shapes(run('D2LEmbedding', { ids: labels, weight: tf.ones([2, 5]) }, { scale: 1 }))).toEqual([
        [0, 5],
      ]);
      expect(shapes(run('D2LDropout', { x: none }, { p: 0.5, seed: [1, 2] }))).toEqual([[0, 3, 8]]);
      const image = tf.zeros([0, 1, 4, 4]);
      const weight = tf.ones([2, 1, 3, 3]);
      const convolved = run('D2LConv2d', { x: image, weight }, conv);
      expect(shapes(convolved)).toEqual([[0, 2, 4, 4]]);
      const slopes = run('D2LConv2dGrad', { dy: convolved[0] as tf.Tensor, x: image, weight }, conv);
      expect(slopes[1]?.dataSync()).toEqual(new Float32Array(18));
      expect(
        shapes(
          run('D2LPool2d', { x: image }, { kind: 'max', kernel: [2, 2], stride: [2, 2], padding: [0, 0] }),
        ),
      ).toEqual([[0, 1, 2, 2]]);
    });
  });

  it('refuses labels outside the classes', () => {
    tf.tidy(() => {
      const logits = random([2, 3]);
      for (const label of [3, -2, 1 << 30]) {
        const labels = tf.tensor([0, label], [2], 'int32');
        expect(() => run('D2LSoftmaxCrossEntropy', { logits, labels }, lossAttrs)).toThrow(
          `labels must be in [0, 3), got ${label} in row 1`,
        );
      }
    });
  });

  it('keeps NaN in sight', () => {
    tf.tidy(() => {
      const x = tf.tensor([1, Number.NaN, 3, 0, 1, 2, 5, 6, 7], [1, 9]);
      const labels = tf.tensor([0], [1], 'int32');
      expect(run('D2LSoftmaxCrossEntropy', { logits: x, labels }, lossAttrs)[0]?.dataSync()[0]).toBeNaN();
      expect(run('D2LMaskedSoftmax', { x: tf.reshape(x, [1, 1, 9]) })[0]?.dataSync()[0]).toBeNaN();
      expect(run('D2LLayerNorm', { x }, { epsilon: 1e-5, training: false })[0]?.dataSync()[0]).toBeNaN();
    });
  });

  it('gives exact zeros where a mask of -Infinity hides keys', () => {
    tf.tidy(() => {
      const query = random([1, 2, 8]);
      const mask = tf.tensor(
        [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
        [1, 1, 2, 2],
      );
      const [y, weights] = run(
        'D2LAttention',
        { query, key: query, value: query, mask },
        { ...attentionAttrs, numHeads: 1, dropout: 0, returnWeights: true },
      );
      expect(weights?.dataSync()).toEqual(new Float32Array([1, 0, 0, 0]));
      expect(y?.dataSync().slice(8)).toEqual(new Float32Array(8));
    });
  });

  it('frees all it takes', async () => {
    const backend = await select(kind, 2);
    const before = [tf.memory().numTensors, backend.memory().heapBytes, backend.memory().heapBlocks];
    for (let i = 0; i < 3; ++i) for (const tensor of tf.tidy(everything)) tensor.dispose();
    expect([tf.memory().numTensors, backend.memory().heapBytes, backend.memory().heapBlocks]).toEqual(before);
  });
});
