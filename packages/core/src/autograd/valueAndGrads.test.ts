// Our backward pass: values, sharing, memory, errors; and TensorFlow.js' own passes over the same rules.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { layerNorm, linear } from '../ops/index.ts';
import { findRule, valueAndGrads } from './index.ts';

const variable = (values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)));
const scalar = (x: tf.Tensor) => tf.sum(x) as tf.Scalar;

describeOnBackends('valueAndGrads', (backend) => {
  it('adds up the gradients of a shared tensor, and of an operand used twice', () => {
    const w = variable([1, 2]);
    const { value, grads } = valueAndGrads(() => scalar(tf.add(tf.mul(w, w), tf.mul(w, 3))), [w]);
    expectClose(value, [14]);
    expectClose(grads[0] as tf.Tensor, [5, 7]);
    tf.dispose([w, value, ...grads]);
  });

  it('gives zeros to a variable that f does not use, and each of two equal ones its own gradient', () => {
    const [w, unused] = [variable([1, 2]), variable([3])];
    const { value, grads } = valueAndGrads(() => scalar(tf.square(w)), [w, unused, w]);
    expect(grads.map((grad) => [...grad.dataSync()])).toEqual([[2, 4], [0], [2, 4]]);
    grads[0]?.dispose();
    expect([...(grads[2] as tf.Tensor).dataSync()]).toEqual([2, 4]);
    tf.dispose([w, unused, value, ...grads.slice(1)]);
  });

  it('lets f be the variable itself or a view of it', () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(2)));
    const { value, grads } = valueAndGrads(() => tf.reshape(tf.clone(w), []), [w]);
    expectClose(grads[0] as tf.Tensor, [1]);
    tf.dispose([w, value, ...grads]);
  });

  it('leaves exactly the value and the gradients behind, also under tf.tidy', () => {
    const [w, x] = [tf.tidy(() => tf.variable(pattern([4, 3]))), pattern([5, 3])];
    const step = () =>
      valueAndGrads(() => scalar(layerNorm(linear(tf.tanh(x), w, { activation: 'gelu' }))), [w]);
    const before = tf.memory().numTensors;
    const { value, grads } = step();
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([value, ...grads]);
    tf.tidy(() => void step());
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([w, x]);
  });

  it('keeps the number of tensors and the heap flat over 1,000 steps', () => {
    const [w, x] = [tf.tidy(() => tf.variable(pattern([3, 3], 0.1))), pattern([2, 3])];
    const step = () =>
      tf.dispose(Object.values(valueAndGrads(() => scalar(tf.square(linear(tf.relu(x), w))), [w])).flat());
    const state = () => {
      const memory = tf.memory() as tf.MemoryInfo & { heapBytes?: number; heapReservedBytes?: number };
      return [memory.numTensors, memory.numDataBuffers, memory.heapBytes, memory.heapReservedBytes];
    };
    step();
    const before = state();
    for (let i = 0; i < 1000; i++) step();
    expect(state()).toEqual(before);
    tf.dispose([w, x]);
  });

  it('frees what a node saved as soon as its gradient is computed, or when no variable needs it', () => {
    const [w, x] = [variable([1, 2]), pattern([2])];
    const before = tf.memory().numDataBuffers;
    const alive: number[] = [];
    const probe = tf.customGrad((input) => ({
      value: tf.mul(input as tf.Tensor, 1),
      gradFunc: (dy: tf.Tensor) => {
        alive.push(tf.memory().numDataBuffers - before);
        return tf.clone(dy);
      },
    }));
    const { value, grads } = valueAndGrads(() => {
      const constant = tf.exp(tf.square(tf.exp(x))); // saves three tensors that no gradient will read
      return scalar(tf.add(probe(tf.exp(tf.square(probe(tf.square(w))))), constant));
    }, [w]);
    // Backwards: the value, a gradient, what square and exp saved and the first probe's input; then what is left.
    expect(alive, backend).toEqual([5, 3]);
    tf.dispose([w, x, value, ...grads]);
  });

  it('gives back everything when f or a gradient throws', () => {
    const w = variable([1, 2]);
    const before = tf.memory().numTensors;
    const fail = () => {
      tf.square(tf.exp(w));
      throw new Error('no luck');
    };
    expect(() => valueAndGrads(fail, [w])).toThrow('no luck');
    const broken = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (): tf.Tensor => {
        throw new Error('no gradient today');
      },
    }));
    expect(() => valueAndGrads(() => scalar(tf.exp(broken(w))), [w])).toThrow('no gradient today');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.engine().isTapeOn()).toBe(false);
    w.dispose();
  });

  it('says what is wrong', () => {
    const w = variable([1, 2]);
    const before = tf.memory().numTensors;
    expect(() => valueAndGrads(() => tf.square(w) as unknown as tf.Scalar, [w])).toThrow(
      'valueAndGrads: f must return a float32 scalar, got "float32 [2]"; return for instance the mean of the losses',
    );
    expect(() => valueAndGrads(() => tf.scalar(1), [w])).toThrow(
      'valueAndGrads: the value of f does not depend on any of the variables',
    );
    const diagonal = () => scalar(tf.diag(w));
    expect(() => valueAndGrads(diagonal, [w])).toThrow('valueAndGrads: the kernel Diag has no gradient');
    const masked = () => {
      const mask = tf.greater(w, 1);
      const operation = tf.customGrad((x) => ({
        value: tf.clone(x as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => tf.mul(dy, mask),
      }));
      return scalar(operation(w));
    };
    expect(() => valueAndGrads(masked, [w])).toThrow(
      /perhaps on a tensor of f that was freed when f returned; hand it to the second argument/,
    );
    expect(() => valueAndGrads(() => valueAndGrads(() => scalar(w), [w]).value, [w])).toThrow(
      'valueAndGrads: must not run inside another gradient computation; use tf.grads for higher-order gradients',
    );
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('lets no gradient through integers', () => {
    const w = variable([1, 3, 2]);
    const largest = () => tf.cast(tf.argMax(w), 'float32') as tf.Scalar;
    expect(() => valueAndGrads(largest, [w])).toThrow('does not depend on any of the variables');
    expect(() => valueAndGrads(() => tf.argMax(w) as tf.Scalar, [w])).toThrow(
      'valueAndGrads: f must return a float32 scalar, got "int32 []"',
    );
    const { value, grads } = valueAndGrads(() => tf.add(scalar(w), largest()), [w]);
    expectClose(grads[0] as tf.Tensor, [1, 1, 1]);
    tf.dispose([w, value, ...grads]);
  });

  it('takes a gradient that is the given one itself, for two inputs, and none of another type or shape', () => {
    const [a, b] = [variable([1, 2]), variable([3, 4])];
    const sum = (gradient: (dy: tf.Tensor) => tf.Tensor) =>
      tf.customGrad((x, y) => ({
        value: tf.add(x as tf.Tensor, y as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => [gradient(dy), gradient(dy)],
      }));
    const run = (gradient: (dy: tf.Tensor) => tf.Tensor) =>
      valueAndGrads(() => scalar(tf.square(sum(gradient)(a, b))), [a, b]);
    const { value, grads } = run((dy) => dy);
    grads.forEach((grad) => expectClose(grad, [8, 12]));
    tf.dispose([value, grads[0] as tf.Tensor]);
    expectClose(grads[1] as tf.Tensor, [8, 12]);
    tf.dispose(grads);
    expect(() => run((dy) => tf.cast(dy, 'int32'))).toThrow(
      /^valueAndGrads: the gradient of .* must be float32 \[2\], got "int32 \[2\]"/,
    );
    expect(() => run((dy) => tf.reshape(dy, [2, 1]))).toThrow(
      /must be float32 \[2\], got "float32 \[2, 1\]"/,
    );
    tf.dispose([a, b]);
  });

  it('runs custom gradients', () => {
    const w = variable([1, -2]);
    const straight = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([x as tf.Tensor]);
      return {
        value: tf.sign(x as tf.Tensor),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] as tf.Tensor),
      };
    });
    const { value, grads } = valueAndGrads(() => scalar(tf.mul(straight(w), 2)), [w]);
    expectClose(grads[0] as tf.Tensor, [2, -4]);
    tf.dispose([w, value, ...grads]);
  });

  it('keeps what custom gradients read, and frees it after', () => {
    const w = variable([0.5, -1]);
    const before = tf.memory().numTensors;
    const nested = () => tf.tidy(() => tf.logSigmoid(tf.logSigmoid(tf.mul(w, 2))));
    const { value, grads } = valueAndGrads(() => scalar(tf.logSigmoid(tf.mul(w, 2))), [w]);
    expectClose(grads[0] as tf.Tensor, [0.5378828645, 1.7615941763]); // PyTorch's
    tf.dispose([value, ...grads]);
    const twice = valueAndGrads(() => {
      const y = scalar(nested());
      tf.logSigmoid(y);
      return y;
    }, [w]);
    expect(twice.value.isDisposed).toBe(false);
    tf.dispose([twice.value, ...twice.grads]);
    tf.tidy(() => void valueAndGrads(() => scalar(nested()), [w]));
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('lets tf.grads and tf.variableGrads use the same rules, to higher orders', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([0.5, 2]);
      expectClose(tf.grad((y) => tf.sum(linear(tf.reshape(y, [1, 2]), tf.ones([3, 2]))))(x), [3, 3]);
      const cube = (y: tf.Tensor) => tf.mul(tf.square(y), y);
      expectClose(tf.grad(tf.grad(tf.grad(cube)))(x), [6, 6]);
      expectClose(tf.grad(tf.grad((y) => tf.div(1, y)))(x), [16, 0.25]);
    });
  });

  it('does not save a tensor of which only the shape is needed', () => {
    tf.tidy(() => {
      const w = pattern([3, 2]);
      const during: number[] = [];
      tf.grad((x) => {
        const before = tf.memory().numTensors;
        const y = tf.add(tf.reshape(x, [2, 3]), 1);
        during.push(tf.memory().numTensors - before);
        return y;
      })(w);
      expect(during, backend).toEqual([2]); // the reshaped and the sum
    });
    expect(findRule('Add')?.inputs).toBeUndefined();
  });
});
