// Checks of a fused operation on the current backend: against its composition, and by central differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { valueAndGrads } from '../../src/autograd/index.ts';
import { hasKernel } from '../../src/ops/index.ts';
import { checkGradients, pattern, relativeError } from './numeric.ts';

/** One or several results of the float inputs. */
export type Operation = (...inputs: tf.Tensor[]) => tf.Tensor | (tf.Tensor | undefined)[];

/** All results in one vector. */
export function flatten(result: ReturnType<Operation>): tf.Tensor {
  const parts = (Array.isArray(result) ? result : [result]).filter((part) => part !== undefined);
  return tf.concat(parts.map((part) => tf.reshape(part, [part.size])));
}

interface Evaluated {
  shapes: number[][];
  values: ArrayLike<number>;
  gradients: ArrayLike<number>[];
}

/** Values and gradients of Σ f(inputs) · pattern. */
function evaluate(f: Operation, inputs: tf.Tensor[]): Evaluated {
  return tf.tidy(() => {
    const plain = f(...inputs);
    const shapes = (Array.isArray(plain) ? plain : [plain])
      .filter((t) => t !== undefined)
      .map(({ shape }) => shape);
    const values = flatten(plain).dataSync();
    if (values.length === 0) return { shapes, values, gradients: [] };
    const variables = inputs.map((input) => tf.variable(input));
    const { grads } = valueAndGrads(() => {
      const y = flatten(f(...variables));
      return tf.sum(tf.mul(y, pattern(y.shape, 1, 0.5))) as tf.Scalar;
    }, variables);
    const gradients = grads.map((gradient) => gradient.dataSync());
    tf.dispose(variables);
    return { shapes, values, gradients };
  });
}

/** What `checkOperation` compares. */
export interface Comparison {
  kernel: string;
  backend: string;
  operation: Operation;
  reference: Operation;
  /** Float inputs, all differentiated. */
  inputs: () => tf.Tensor[];
  tolerance?: number;
  /** Also check the kernel by central differences (cpu has none); true by default (inputs should be small), 'near' for functions with kinks. */
  differences?: boolean | 'near';
}

/** Kernel against composition (values, shapes and gradients), central differences, and no tensor left over. */
export function checkOperation({
  kernel,
  backend,
  operation,
  reference,
  inputs,
  tolerance = 1e-5,
  differences = true,
}: Comparison): void {
  expect(hasKernel(kernel), `kernel ${kernel} on ${backend}`).toBe(
    backend === 'native' || backend === 'wasm',
  );
  const before = tf.memory().numTensors;
  const tensors = tf.tidy(inputs);
  const [actual, expected] = [evaluate(operation, tensors), evaluate(reference, tensors)];
  expect(actual.shapes).toEqual(expected.shapes);
  expect(relativeError(actual.values, expected.values), 'values').toBeLessThanOrEqual(tolerance);
  expected.gradients.forEach((gradient, i) => {
    expect(
      relativeError(actual.gradients[i] as ArrayLike<number>, gradient, 1e-2),
      `gradient of input ${i}`,
    ).toBeLessThanOrEqual(tolerance);
  });
  if (differences && backend !== 'cpu' && expected.values.length > 0)
    checkGradients(
      (...given) => flatten(operation(...given)),
      tensors,
      differences === 'near' ? { step: 1e-3, tolerance: 2e-2 } : {},
    );
  tf.dispose(tensors);
  expect(tf.memory().numTensors, 'tensors').toBe(before);
}
