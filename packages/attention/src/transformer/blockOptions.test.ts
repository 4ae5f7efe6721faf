// What options do in whole models and stacks: dropout place by place, normalisations at the end, the output's bias.
import { Rng, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DecoderOnlyTransformer,
  EncoderOnlyTransformer,
  Transformer,
  TransformerDecoder,
  TransformerEncoder,
} from './index.ts';

const sizes = { vocabSize: 11, dim: 8, numHeads: 2, ffnDim: 12, numLayers: 2 };
const none = { dropout: 0, attentionDropout: 0, hiddenDropout: 0 };

beforeAll(async () => {
  await useBackend();
});

describe.each([
  ['EncoderOnlyTransformer', EncoderOnlyTransformer] as const,
  ['DecoderOnlyTransformer', DecoderOnlyTransformer] as const,
])('%s', (_, Model) => {
  it.each(['dropout', 'attentionDropout', 'hiddenDropout'] as const)(
    '%s acts by itself, in training',
    (place) => {
      const model = new Model({ ...sizes, ...none, [place]: 0.5 }, { rng: new Rng(1) });
      const output = () => tf.tidy(() => model.forward(tf.tensor2d([[3, 4, 5]], [1, 3], 'int32')).dataSync());
      model.eval();
      expect(output()).toEqual(output());
      model.train();
      expect(output()).not.toEqual(output());
      model.dispose();
    },
  );

  it('has the dropout of the whole in the other places too, unless said otherwise', () => {
    const model = new Model({ ...sizes, dropout: 0.5 }, { rng: new Rng(1) });
    const { dropout, hiddenDropout, self_attn: attention } = model.encoder.layers[1]!;
    expect([dropout.p, hiddenDropout.p, attention.dropout]).toEqual([0.5, 0.5, 0.5]);
    model.dispose();
  });
});

it('stacks normalise at the end with the epsilon of their blocks', () => {
  tf.tidy(() => {
    const options = { ffnDim: 12, normFirst: true, epsilon: 0.5, rng: new Rng(1) };
    const stack = { numLayers: 1, dim: 2, numHeads: 1 };
    const x = tf.tensor3d([[[1, -1]]]); // variance 1
    for (const model of [new TransformerEncoder(stack, options), new TransformerDecoder(stack, options)]) {
      const [first, second] = model.finish(x).dataSync();
      expect(first).toBeCloseTo(1 / Math.sqrt(1.5), 5);
      expect(second).toBeCloseTo(-1 / Math.sqrt(1.5), 5);
      model.dispose();
    }
  });
});

it.each([
  [true, undefined, true],
  [false, undefined, false],
  [true, false, false],
  [false, true, true],
])('normFirst %s, finalNorm %s: a normalisation at the end is %s', (normFirst, finalNorm, there) => {
  const choice = finalNorm === undefined ? { normFirst } : { normFirst, finalNorm };
  const [rng, layers] = [new Rng(1), { encoderLayers: 1, decoderLayers: 1 }];
  const both = new Transformer({ ...sizes, ...layers, ...choice }, { rng });
  const singleStacks = [EncoderOnlyTransformer, DecoderOnlyTransformer].map(
    (Model) => new Model({ ...sizes, ...choice }, { rng }),
  );
  const stacks = [both.encoder, both.decoder, ...singleStacks.map(({ encoder }) => encoder)];
  expect(stacks.map(({ norm }) => norm !== undefined)).toEqual(stacks.map(() => there));
  for (const model of [both, ...singleStacks]) model.dispose();
});

it.each([true, false])("the output's bias is added to the logits; tied embeddings: %s", (tiedEmbeddings) => {
  tf.tidy(() => {
    const config = { ...sizes, encoderLayers: 1, decoderLayers: 1, dropout: 0, tiedEmbeddings };
    const model = new Transformer({ ...config, outputBias: true }, { rng: new Rng(1) });
    const bias = tiedEmbeddings ? model.output_bias : model.output!.bias;
    const hidden = tf.ones([1, 8]);
    bias!.assign(tf.zeros([11]));
    const without = model.project(hidden).dataSync();
    bias!.assign(tf.range(0, 11));
    model
      .project(hidden)
      .dataSync()
      .forEach((logit, i) => expect(logit).toBeCloseTo(without[i]! + i, 5));
    const plain = new Transformer(config, { rng: new Rng(1) });
    expect(model.parameterCount() - plain.parameterCount()).toBe(11);
    for (const each of [model, plain]) each.dispose();
  });
});
