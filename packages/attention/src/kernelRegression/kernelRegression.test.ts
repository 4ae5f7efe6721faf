// Kernel regression: the book's numbers, training the width, and the pictures.
import { SGD, Rng, renderPng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  NWKernelRegression,
  averagePooling,
  leaveOneOut,
  nadarayaWatson,
  nadarayaWatsonData,
  plotAttention,
  plotRegression,
  regressionCurve,
  repeatForQueries,
} from './index.ts';

beforeAll(async () => {
  await useBackend();
});

describe('averagePooling', () => {
  it('gives the mean of the values everywhere', () => {
    tf.tidy(() => {
      const { output, weights } = averagePooling(
        tf.tensor1d([0, 9]),
        tf.tensor1d([1, 2, 3, 4]),
        tf.tensor1d([1, 5, 2, 4]),
      );
      expect([...output.dataSync()]).toEqual([3, 3]);
      expect(weights.arraySync()).toEqual([
        [0.25, 0.25, 0.25, 0.25],
        [0.25, 0.25, 0.25, 0.25],
      ]);
    });
  });
});

describe('nadarayaWatson', () => {
  it('weighs by the Gaussian of the distance', () => {
    tf.tidy(() => {
      const [keys, values] = [
        [0, 1, 3],
        [2, -1, 5],
      ];
      const { output, weights } = nadarayaWatson(tf.tensor1d([1]), tf.tensor1d(keys), tf.tensor1d(values), 2);
      const kernel = keys.map((k) => Math.exp(-2 * (1 - k) ** 2));
      const total = kernel.reduce((a, b) => a + b);
      kernel.forEach((k, i) => expect(weights.dataSync()[i]).toBeCloseTo(k / total, 6));
      expect(output.dataSync()[0]).toBeCloseTo(
        kernel.reduce((sum, k, i) => sum + k * values[i]!, 0) / total,
        5,
      );
    });
  });

  it('refuses anything but vectors', () => {
    expect(() => nadarayaWatson(tf.ones([1]), tf.ones([2]), tf.ones([3]))).toThrow(
      'nadarayaWatson: queries, keys and values must be vectors with a value a key, got [[1], [2], [3]]',
    );
  });
});

describe("the book's batch matrix product", () => {
  it('weighs two batches of values with equal weights', () => {
    tf.tidy(() => {
      const weights = tf.mul(tf.ones([2, 10]), 0.1);
      const values = tf.reshape(tf.range(0, 20), [2, 10]);
      const product = tf.matMul(tf.expandDims(weights, 1), tf.expandDims(values, -1));
      expect(product.shape).toEqual([2, 1, 1]);
      expect(product.dataSync()[0]).toBeCloseTo(4.5, 5);
      expect(product.dataSync()[1]).toBeCloseTo(14.5, 5);
    });
  });
});

describe('NWKernelRegression', () => {
  it('is nadarayaWatson with its own width', () => {
    tf.tidy(() => {
      const net = new NWKernelRegression({ rng: new Rng(1) });
      const [q, k, v] = [tf.tensor1d([1, 2]), tf.tensor1d([0, 1, 3]), tf.tensor1d([2, -1, 5])];
      const own = net.forward(q, repeatForQueries(k, 2), repeatForQueries(v, 2));
      const same = nadarayaWatson(q, k, v, net.w.dataSync()[0]);
      own.output.dataSync().forEach((value, i) => expect(value).toBeCloseTo(same.output.dataSync()[i]!, 5));
      expect(() => net.forward(q, k, v)).toThrow('keys and values must both be [2, keys]');
    });
  });

  it("learns a narrower kernel and fits better, with the book's settings", () => {
    const data = nadarayaWatsonData(new Rng(4));
    expect([...data.xTrain.dataSync()]).toEqual([...data.xTrain.dataSync()].sort((a, b) => a - b));
    expect(data.yTruth.dataSync()[10]).toBeCloseTo(regressionCurve(1), 5);
    const net = new NWKernelRegression({ rng: new Rng(2) });
    const [before] = net.w.dataSync();
    const [keys, values] = [leaveOneOut(data.xTrain), leaveOneOut(data.yTrain)];
    const optimizer = new SGD(net.parameters(), { lr: 0.5 });
    const loss = () => {
      const { output } = net.forward(data.xTrain, keys, values);
      return tf.sum(tf.square(tf.sub(output, data.yTrain))) as tf.Scalar;
    };
    const losses = Array.from({ length: 5 }, () => {
      const { value, grads } = valueAndGrads(loss, net.parameters());
      optimizer.step(grads);
      const [current] = value.dataSync();
      tf.dispose([value, grads]);
      return current!;
    });
    expect(losses[4]).toBeLessThan(losses[0]!);
    expect(Math.abs(net.w.dataSync()[0]!)).toBeGreaterThan(before!);
    tf.dispose([data, keys, values].flatMap((x) => (x instanceof tf.Tensor ? [x] : Object.values(x))));
    net.dispose();
  });

  it('gives every training point the others as keys', () => {
    const rows = leaveOneOut(tf.tensor1d([1, 2, 3]));
    expect(rows.arraySync()).toEqual([
      [2, 3],
      [1, 3],
      [1, 2],
    ]);
    rows.dispose();
  });
});

describe('pictures', () => {
  const count = (svg: string, part: RegExp) => svg.match(part)?.length ?? 0;

  it('draw the fit, the training points and the weights', async () => {
    const data = nadarayaWatsonData(new Rng(4));
    const { output, weights } = nadarayaWatson(data.xTest, data.xTrain, data.yTrain);
    const curve = await plotRegression(data, output, { title: 'fit' });
    expect(curve).toMatch(/^<svg[^]*truth[^]*estimate[^]*training points/);
    expect(count(curve, /<circle/g)).toBe(50);
    const heatmap = await plotAttention(weights);
    expect(count(heatmap, /<rect/g)).toBe(2500);
    tf.dispose([...Object.values(data), output, weights]);
  });

  it('draw a grid of heatmaps with a title each, as SVG and PNG', async () => {
    const weights = tf.softmax(tf.reshape(tf.sin(tf.range(0, 800)), [2, 4, 10, 10]));
    const svg = await plotAttention(weights, { titles: [...'abcdefgh'].map((name) => `head ${name}`) });
    expect(count(svg, /<rect/g)).toBe(2 * 4 * 10 * 10);
    expect(count(svg, />head [a-h]</g)).toBe(8);
    const png = await renderPng(svg);
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
    const row = await plotAttention(tf.reshape(tf.slice(weights, 0, 1), [4, 10, 10]));
    expect(count(row, />\[[0-3]\]</g)).toBe(4);
    await expect(plotAttention(tf.ones([1, 1, 1, 1, 1]))).rejects.toThrow(/up to two axes before them, got/);
  });
});
