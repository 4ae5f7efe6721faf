// What the book prints in its attention chapters: shapes, tables, attention maps.
import { Rng, mergeHeads, splitHeads, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  AddNorm,
  DecoderBlock,
  EncoderBlock,
  EncoderOnlyTransformer,
  LearnedPositionalEncoding,
  MultiHeadAttention,
  PositionWiseFFN,
  PositionalEncoding,
  Transformer,
  sinusoid,
} from '../index.ts';

const rng = new Rng(1);
const lens = () => tf.tensor1d([3, 2], 'int32');

beforeAll(async () => {
  await useBackend();
});

it('multi-head attention: 5 heads of 100 hidden units, 4 queries, 6 keys', () => {
  tf.tidy(() => {
    const attention = new MultiHeadAttention(100, 5, { dropout: 0.5, bias: false, rng }).eval();
    const options = { validLens: lens(), returnWeights: true };
    const { output, weights } = attention.forward(tf.ones([2, 4, 100]), tf.ones([2, 6, 100]), options);
    expect(output.shape).toEqual([2, 4, 100]);
    expect(weights!.shape).toEqual([2, 5, 4, 6]);
    const [first] = weights!.dataSync();
    expect(first).toBeCloseTo(1 / 3, 6); // equal keys, three of which may be seen
    expect(splitHeads(tf.ones([2, 4, 100]), 5).shape).toEqual([2, 5, 4, 20]);
    expect(() => new MultiHeadAttention(100, 7, { rng })).toThrow('numHeads must divide dim 100, got 7');
  });
});

it('heads are neighbouring features of every step, split and merged again', () => {
  tf.tidy(() => {
    const x = tf.reshape(tf.range(0, 24), [2, 3, 4]); // [batch, steps, 2 heads · 2]
    const split = [0, 2, 12, 14].map((at) => [0, 4, 8].map((step) => [at + step, at + step + 1]));
    expect(splitHeads(x, 2).arraySync()).toEqual([split.slice(0, 2), split.slice(2)]); // [batch, heads, steps, 2]
    expect(mergeHeads(splitHeads(x, 2)).arraySync()).toEqual(x.arraySync());
  });
});

it('self-attention keeps the shape', () => {
  tf.tidy(() => {
    const attention = new MultiHeadAttention(100, 5, { dropout: 0.5, bias: false, rng }).eval();
    expect(attention.forward(tf.ones([2, 4, 100]), undefined, { validLens: lens() }).output.shape).toEqual([
      2, 4, 100,
    ]);
  });
});

it('positional encoding: the values of the formula; waves get longer from column to column', () => {
  tf.tidy(() => {
    const encoding = new PositionalEncoding(32, { rng }).eval();
    const table = tf.squeeze(encoding.forward(tf.zeros([1, 60, 32])), [0]).arraySync() as number[][];
    expect(table).toHaveLength(60);
    for (const [i, j] of [
      [0, 0],
      [5, 6],
      [59, 30],
    ] as const) {
      expect(table[i]![j]).toBeCloseTo(Math.sin(i / 10_000 ** (j / 32)), 5);
      expect(table[i]![j + 1]).toBeCloseTo(Math.cos(i / 10_000 ** (j / 32)), 5);
    }
    const signChanges = (column: number) =>
      table.filter((row, i) => i > 0 && row[column]! > 0 !== table[i - 1]![column]! > 0).length;
    expect(signChanges(6)).toBeGreaterThan(signChanges(8));
    expect([...sinusoid(1, 4)]).toEqual([0, 1, 0, 1]);
    expect(() => encoding.forward(tf.zeros([1, 2, 32]), 999)).toThrow(
      'PositionalEncoding.forward: positions must end at 1000, got 1001',
    );
    encoding.dispose();
  });
});

it('learned positions: a trained vector for each position', () => {
  tf.tidy(() => {
    const encoding = new LearnedPositionalEncoding(4, { maxLen: 8, rng });
    const added = encoding.forward(tf.zeros([2, 3, 4]), 2);
    const rows = tf.slice(encoding.weight, [2, 0], [3, 4]).dataSync();
    expect([...added.dataSync()]).toEqual([...rows, ...rows]);
    expect(encoding.parameterCount()).toBe(32);
  });
});

it('position-wise network: the same at every position; 4 → 4 → 8', () => {
  tf.tidy(() => {
    const ffn = new PositionWiseFFN({ size: 4, ffnDim: 4, outputs: 8 }, { rng }).eval();
    const output = ffn.forward(tf.ones([2, 3, 4]));
    expect(output.shape).toEqual([2, 3, 8]);
    const [first, second] = tf.unstack(tf.reshape(output, [6, 8]));
    expect([...first!.dataSync()]).toEqual([...second!.dataSync()]);
  });
});

it('AddNorm: rows of mean 0 and variance 1, the shape of its inputs', () => {
  tf.tidy(() => {
    const addNorm = new AddNorm(4, { dropout: 0.5, rng }).eval();
    const [x, y] = [tf.tensor2d([[1, 2, 3, 4]]), tf.tensor2d([[0, 1, 0, 5]])];
    const { mean, variance } = tf.moments(addNorm.forward(x, y), 1);
    expect(mean.dataSync()[0]).toBeCloseTo(0, 5);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 4);
  });
});

it('encoder and decoder blocks keep the shape (2, 100, 24)', () => {
  tf.tidy(() => {
    const x = tf.ones([2, 100, 24]);
    const options = { ffnDim: 48, dropout: 0.5, rng };
    const encoded = new EncoderBlock(24, 8, options).eval().forward(x, { validLens: lens() });
    expect(encoded.shape).toEqual([2, 100, 24]);
    const decoder = new DecoderBlock(24, 8, options).eval();
    expect(decoder.forward(x, encoded, { validLens: lens() }).shape).toEqual([2, 100, 24]);
  });
});

it("the book's encoder: 200 tokens, 24 hidden units, 8 heads, 2 layers", () => {
  tf.tidy(() => {
    const config = { vocabSize: 200, dim: 24, numHeads: 8, ffnDim: 48, numLayers: 2, dropout: 0.5 };
    const choices = { normFirst: false, activation: 'relu', positions: 'sinusoidal' } as const;
    const model = new EncoderOnlyTransformer({ ...config, ...choices }, { rng }).eval();
    const maps: number[][] = [];
    const output = model.forward(tf.ones([2, 100], 'int32'), {
      validLens: lens(),
      onWeights: (weights) => maps.push(weights.shape),
    });
    expect(output.shape).toEqual([2, 100, 24]);
    expect(maps).toEqual([
      [2, 8, 100, 100],
      [2, 8, 100, 100],
    ]);
    model.dispose();
  });
});

it('attention maps of the translation example: (2, 4, 10, 10) and (2, 4, 6, 10)', () => {
  tf.tidy(() => {
    const config = { vocabSize: 30, dim: 32, numHeads: 4, ffnDim: 64, encoderLayers: 2, decoderLayers: 2 };
    const model = new Transformer({ ...config, normFirst: false, tiedEmbeddings: false }, { rng }).eval();
    const [encoder, cross, self]: [tf.Tensor[], tf.Tensor[], tf.Tensor[]] = [[], [], []];
    const validLens = tf.tensor1d([4], 'int32');
    const source = tf.ones([1, 10], 'int32');
    const memory = model.encode(source, { validLens, onWeights: (w) => encoder.push(w) });
    model.decode(tf.ones([1, 6], 'int32'), memory, {
      validLens,
      onWeights: (w) => cross.push(w),
      onSelfWeights: (w) => self.push(w),
    });
    expect(tf.concat(encoder).shape).toEqual([2, 4, 10, 10]);
    expect(tf.concat(cross).shape).toEqual([2, 4, 6, 10]);
    expect(tf.concat(self).shape).toEqual([2, 4, 6, 6]);
    const [own, over] = [encoder, cross].map((maps) => tf.reshape(tf.concat(maps), [-1, 10]).arraySync());
    for (const row of [...(own as number[][]), ...(over as number[][])]) {
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(row.slice(4)).toEqual([0, 0, 0, 0, 0, 0]);
    }
    const later = (tf.reshape(tf.concat(self), [8, 6, 6]).arraySync() as number[][][]).flatMap((map) =>
      map.flatMap((row, i) => row.slice(i + 1)),
    );
    expect(later.every((weight) => weight === 0)).toBe(true);
    model.dispose();
  });
});
