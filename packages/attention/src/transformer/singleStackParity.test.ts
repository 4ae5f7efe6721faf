// Whole decoder-only models against Hugging Face's GPT-2 and Llama, and an encoder-only one against PyTorch's
// (golden/single_stack.py).
import { readFileSync } from 'node:fs';
import { Rng, crossEntropy, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import {
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  expectGradients,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import { DecoderOnlyTransformer, EncoderOnlyTransformer, type SingleStackConfig } from './index.ts';

interface Case {
  kind: 'decoder-only' | 'encoder-only';
  name: string;
  config: SingleStackConfig;
  weights: GoldenWeights;
  ids: number[][];
  lens: number[];
  /** What a decoder-only model learns to say next. */
  labels: number[][];
  /** Vectors that an encoder-only model learns to give. */
  target: number[];
  output: number[];
  gradients: Record<string, number[]>;
  losses: number[];
}

const cases = JSON.parse(
  readFileSync(new URL('golden/single_stack.json', import.meta.url), 'utf8'),
) as Case[];

beforeAll(async () => {
  await useBackend();
});

/** The model, its output and its loss. */
function build({ kind, config, ids, lens, labels, target }: Case) {
  const rng = new Rng(1);
  const tokens = tf.tensor2d(ids, undefined, 'int32');
  if (kind === 'decoder-only') {
    const model = new DecoderOnlyTransformer(config, { rng });
    const next = tf.tensor2d(labels, undefined, 'int32');
    const run = () => model.forward(tokens);
    return { model, run, loss: () => crossEntropy(run(), next) as tf.Scalar };
  }
  const model = new EncoderOnlyTransformer(config, { rng });
  const validLens = tf.tensor1d(lens, 'int32');
  const run = () => model.forward(tokens, { validLens });
  const vectors = tf.tensor(target, [...tokens.shape, config.dim]);
  return { model, run, loss: () => tf.mean(tf.square(tf.sub(run(), vectors))) as tf.Scalar };
}

describe.each(cases)('$kind ($name)', (golden) => {
  it('has the same state, output, gradients and Adam steps', () => {
    tf.tidy(() => {
      const { model, run, loss } = build(golden);
      loadGolden(model, golden.weights);
      expectClose(run().dataSync(), golden.output, 1e-5);
      expectGradients(model, loss, golden.gradients);
      expectAdamSteps(model, loss, golden.losses);
      model.dispose();
    });
  });
});
