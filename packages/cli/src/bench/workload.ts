// What a benchmark workload is: one training step or decode on synthetic data, as its PyTorch twin does it.
import {
  type Module,
  type Optimizer,
  type Rng,
  clipByGlobalNorm,
  filledTensor,
  valueAndGrads,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** A workload that is ready to run. */
export interface Prepared {
  /** Runs step i (forward, backward, clipping, update; or one decode). Leaves no tensors behind. */
  step: (i: number) => void | Promise<void>;
  /** Tokens, images or rows a step works on, where that means something. */
  tokens?: number;
  /** Multiply-adds count as two: floating-point operations a step. */
  flops?: number;
  /** Steps timed together, for steps too short for the clock; default 1. */
  inner?: number;
}

/** Makes a workload; drawing all its data and weights from `rng`. */
export type Workload = (rng: Rng) => Prepared;

/** int32 ids in [low, high) of the given shape. */
export function randomIds(rng: Rng, shape: number[], low: number, high: number): tf.Tensor {
  const ids = Int32Array.from({ length: tf.util.sizeFromShape(shape) }, () => rng.integer(low, high));
  return tf.tensor(ids, shape, 'int32');
}

/** Standard normal values that repeat after 2¹⁶: drawing millions would take longer than the step they are for. */
export function randomNormal(rng: Rng, shape: number[]): tf.Tensor {
  return filledTensor(shape, (values) => {
    const drawn = rng.fillNormal(new Float32Array(Math.min(values.length, 2 ** 16)));
    for (let at = 0; at < values.length; at += drawn.length)
      values.set(drawn.subarray(0, values.length - at), at);
  });
}

/** One training step over the batches in turn; `clip` is the largest gradient norm, undefined for no clipping. */
export function trainingStep<Batch>(
  model: Module,
  loss: (batch: Batch) => tf.Tensor,
  batches: readonly Batch[],
  optimizer: Optimizer,
  clip: number | undefined,
): (i: number) => void {
  const parameters = model.parameters();
  model.train();
  return (i) => {
    const batch = batches[i % batches.length]!;
    const { value, grads } = valueAndGrads(() => loss(batch) as tf.Scalar, parameters);
    const clipped = clip === undefined ? grads : clipByGlobalNorm(grads, clip).grads;
    optimizer.step(clipped);
    tf.dispose([value, ...clipped]);
  };
}
