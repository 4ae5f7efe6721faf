// What the tests against golden values share: loading weights, comparing numbers, training steps.
import { Adam, type Module, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Weights as the golden scripts write them. */
export type GoldenWeights = Record<string, { shape: number[]; values: number[] }>;

/** A layer's weights, inputs, output and the gradients of `sum(output · probe)`, as the golden scripts write them. */
export interface GoldenLayer {
  weights: GoldenWeights;
  inputs: GoldenWeights;
  probe: number[];
  output: number[];
  /** Attention weights, where the layer gives them. */
  attention: number[] | null;
  gradients: Record<string, number[]>;
}

/** Golden weights as tensors, which belong to the caller. */
export function goldenTensors(weights: GoldenWeights): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  );
}

/** Loads golden weights by name and checks that the model has exactly these parameters. */
export function loadGolden<M extends Module>(model: M, weights: GoldenWeights): M {
  const names = model.namedParameters().map(([name]) => name);
  expect(names.sort()).toEqual(Object.keys(weights).sort());
  const dict = goldenTensors(weights);
  model.loadStateDict(dict);
  tf.dispose(dict);
  return model;
}

/** The largest difference, as a share of the largest expected value, is below the tolerance. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value))) / scale;
  expect(worst).toBeLessThan(tolerance);
}

/** Gradients of the loss are the golden ones, by name. */
export function expectGradients(
  model: Module,
  loss: () => tf.Scalar,
  golden: Record<string, number[]>,
  tolerance = 1e-4,
): void {
  const { value, grads } = valueAndGrads(loss, model.parameters());
  model.namedParameters().forEach(([name], i) => expectClose(grads[i]!.dataSync(), golden[name]!, tolerance));
  tf.dispose([value, grads]);
}

/** The losses of Adam steps (lr 0.01) are the golden ones. */
export function expectAdamSteps(model: Module, loss: () => tf.Scalar, golden: readonly number[]): void {
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const losses = golden.map(() => {
    const { value, grads } = valueAndGrads(loss, model.parameters());
    optimizer.step(grads);
    const [current] = value.dataSync();
    tf.dispose([value, grads]);
    return current!;
  });
  expectClose(losses, golden, 1e-4);
}

/**
 * A layer's output, attention weights and all gradients are the golden ones. The tensors belong to the caller's `tf.tidy`.
 *
 * @param run gives output and attention weights of the inputs in the file's order
 */
export function expectLayer(
  model: Module,
  golden: GoldenLayer,
  run: (inputs: tf.Tensor[]) => [output: tf.Tensor, attention?: tf.Tensor | undefined],
): void {
  loadGolden(model, golden.weights);
  const inputs = Object.entries(goldenTensors(golden.inputs));
  const tensors = inputs.map(([, tensor]) => tensor);
  const [output, attention] = run(tensors);
  expectClose(output.dataSync(), golden.output, 1e-5);
  if (golden.attention !== null) expectClose(attention!.dataSync(), golden.attention, 1e-5);

  const probe = tf.tensor(golden.probe, output.shape);
  const named = [...model.namedParameters(), ...inputs] as [string, tf.Tensor][];
  const { grads } = valueAndGrads(
    () => tf.sum(tf.mul(run(tensors)[0], probe)),
    named.map(([, tensor]) => tensor),
  );
  named.forEach(([name], i) => expectClose(grads[i]!.dataSync(), golden.gradients[name]!, 1e-4));
}
