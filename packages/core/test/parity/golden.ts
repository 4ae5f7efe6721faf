// Reading golden files: packed tensors to TensorFlow.js.
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { relativeError } from '../support/numeric.ts';

/** A tensor in a golden file. */
export interface Packed {
  shape: number[];
  data: number[];
  dtype?: 'int32';
}

/** Reads a golden file by name. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as T;
}

/** The tensor of a packed one. */
export function unpack({ shape, data, dtype }: Packed): tf.Tensor {
  return tf.tensor(data, shape, dtype ?? 'float32');
}

/** All tensors of a record. */
export function unpackAll(record: Record<string, Packed>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(record).map(([name, packed]) => [name, unpack(packed)]));
}

/** A state dict with raw values, as `loadStateDict` takes it. */
export function unpackState(
  record: Record<string, Packed>,
): Record<string, { shape: number[]; data: Float32Array }> {
  return Object.fromEntries(
    Object.entries(record).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
}

/** Asserts shape and values. */
export function expectGolden(what: string, actual: tf.Tensor, expected: Packed, tolerance = 1e-5): void {
  expect(actual.shape, what).toEqual(expected.shape);
  expect(relativeError(actual.dataSync(), expected.data), what).toBeLessThanOrEqual(tolerance);
}

/** Σ of all outputs weighted by cos 1, cos 2, …: what the golden scripts differentiate. */
export function objective(outputs: tf.Tensor[]): tf.Scalar {
  const flat = tf.concat(outputs.map((output) => tf.reshape(output, [output.size])));
  const weights = Float32Array.from({ length: flat.size }, (_, i) => Math.cos(i + 1));
  return tf.sum(tf.mul(flat, tf.tensor1d(weights)));
}
