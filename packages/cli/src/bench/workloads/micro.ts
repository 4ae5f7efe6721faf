// M_*: single operations: matmul, linear-shaped products, cross-entropy, layer norm, embedding, dropout, Adam.
import {
  Adam,
  type Rng,
  dropout,
  embedding,
  layerNorm,
  parameter,
  softmaxCrossEntropy,
  valueAndGrads,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Prepared, type Workload, randomIds, randomNormal } from '../workload.ts';

/** Steps timed together: about 3·10⁷ multiply-adds. */
const innerFor = (multiplyAdds: number) => Math.max(1, Math.floor(3e7 / multiplyAdds));

/** [m, k] × [k, n], or × [n, k]ᵀ. */
const matmul =
  (m: number, k: number, n: number, transposed: boolean): Workload =>
  (rng) => {
    const a = randomNormal(rng, [m, k]) as tf.Tensor2D;
    const b = randomNormal(rng, transposed ? [n, k] : [k, n]) as tf.Tensor2D;
    return {
      step: () => tf.matMul(a, b, false, transposed).dispose(),
      flops: 2 * m * k * n,
      inner: innerFor(m * k * n),
    };
  };

/** Forward and backward of a loss with respect to some variables. */
function forwardBackward(
  f: () => tf.Tensor,
  variables: tf.Variable[],
  rest: Omit<Prepared, 'step'>,
): Prepared {
  return {
    ...rest,
    step: () => {
      const { value, grads } = valueAndGrads(f as () => tf.Scalar, variables);
      tf.dispose([value, ...grads]);
    },
  };
}

const crossEntropyOf =
  (rows: number, classes: number): Workload =>
  (rng) => {
    const logits = parameter(randomNormal(rng, [rows, classes]));
    const labels = randomIds(rng, [rows], 0, classes);
    return forwardBackward(() => softmaxCrossEntropy(logits, labels), [logits], {
      tokens: rows,
      inner: rows * classes < 1e6 ? 10 : 1,
    });
  };

/** Forward, and backward from a given gradient of the output: PyTorch's `f(x).backward(g)`. */
function withGradient(
  f: () => tf.Tensor,
  variables: tf.Variable[],
  g: tf.Tensor,
  rest: Omit<Prepared, 'step'>,
): Prepared {
  const grads = tf.grads(f);
  return { ...rest, step: () => tf.dispose(grads(variables, g)) };
}

const layerNormStep: Workload = (rng) => {
  const x = parameter(randomNormal(rng, [1536, 256]));
  const weight = parameter(tf.ones([256]));
  const bias = parameter(tf.zeros([256]));
  const g = randomNormal(rng, [1536, 256]);
  return withGradient(() => layerNorm(x, { weight, bias }), [x, weight, bias], g, { tokens: 1536, inner: 5 });
};

const embeddingStep: Workload = (rng) => {
  const weight = parameter(randomNormal(rng, [8000, 256]));
  const ids = randomIds(rng, [1536], 0, 8000);
  const g = randomNormal(rng, [1536, 256]);
  return withGradient(() => embedding(ids, weight), [weight], g, { tokens: 1536 });
};

const dropoutStep: Workload = (rng) => {
  const x = parameter(randomNormal(rng, [1536, 1024]));
  const g = randomNormal(rng, [1536, 1024]);
  return withGradient(() => dropout(x, 0.1, rng.seedPair()), [x], g, { tokens: 1536 });
};

const adamStep: Workload = (rng: Rng) => {
  const parameters = Array.from({ length: 10 }, () => parameter(randomNormal(rng, [1000, 1000])));
  const grads = parameters.map(() => randomNormal(rng, [1000, 1000]));
  const optimizer = new Adam(parameters, { lr: 1e-3 });
  return { step: () => optimizer.step(grads) };
};

export const microWorkloads: Record<string, Workload> = {
  ...Object.fromEntries([64, 256, 512, 1024].map((n) => [`M_matmul_${n}`, matmul(n, n, n, false)])),
  ...Object.fromEntries(
    [
      [32, 256, 1024],
      [1536, 256, 1024],
      [1536, 256, 8000],
    ].map(([m, k, n]) => [`M_gemm_${m}x${k}x${n}`, matmul(m!, k!, n!, true)]),
  ),
  M_softmax_ce_2240x28: crossEntropyOf(2240, 28),
  M_softmax_ce_1536x8000: crossEntropyOf(1536, 8000),
  M_layernorm_1536x256: layerNormStep,
  M_embedding_1536_8000x256: embeddingStep,
  M_dropout_1536x1024: dropoutStep,
  M_adam_10M_fused: adamStep,
};
