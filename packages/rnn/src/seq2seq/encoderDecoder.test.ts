// The encoder-decoder interface by itself, with halves that need no recurrent layer.
import { Embedding, Linear, Rng, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { Decoder, Encoder, EncoderDecoder, stepMask } from './index.ts';

const [vocabSize, size] = [5, 3];

/** The sum of a source's embeddings, padding left out: [batch, size]. */
class SumEncoder extends Encoder<tf.Tensor> {
  embedding = new Embedding(vocabSize, size, { rng: new Rng(1) });

  forward(source: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
    const mask = tf.expandDims(stepMask(lengths, source.shape[1]!), 2);
    return tf.sum(tf.mul(this.embedding.forward(source), tf.cast(mask, 'float32')), 1);
  }
}

/** Adds up the source and the tokens so far: the state is the sum. */
class SumDecoder extends Decoder<tf.Tensor, tf.Tensor> {
  embedding = new Embedding(vocabSize, size, { rng: new Rng(2) });
  dense = new Linear(size, vocabSize, { rng: new Rng(3) });

  initState(encoded: tf.Tensor): tf.Tensor {
    return encoded;
  }

  forward(input: tf.Tensor, state: tf.Tensor): { logits: tf.Tensor; state: tf.Tensor } {
    const sums = tf.add(tf.cumsum(this.embedding.forward(input), 1), tf.expandDims(state, 1));
    const [batch, steps] = input.shape as [number, number];
    const last = tf.reshape(tf.slice(sums, [0, steps - 1, 0], [batch, 1, size]), [batch, size]);
    return { logits: this.dense.forward(sums), state: last };
  }
}

const ints = (values: number[][]) => tf.tensor2d(values, undefined, 'int32');
const batch = () => ({
  source: ints([
    [1, 2, 4],
    [3, 4, 4],
  ]),
  sourceLens: tf.tensor1d([3, 1], 'int32'),
  input: ints([
    [1, 2],
    [1, 3],
  ]),
});

beforeAll(() => useBackend());

it('reads with the encoder, then writes with the decoder from the state that it makes of it', () => {
  tf.tidy(() => {
    const encoder = new SumEncoder();
    const model = new EncoderDecoder(encoder, new SumDecoder());
    const data = batch();
    const state = model.encode(data);
    const encoded = encoder.forward(data.source, data.sourceLens);
    expect(state.dataSync()).toEqual(encoded.dataSync());
    const only = encoder.embedding.weight.arraySync() as number[][];
    expect((state.arraySync() as number[][])[1]).toEqual(only[3]); // its padding counts nothing
    const logits = model.forward(data);
    expect(logits.shape).toEqual([2, 2, vocabSize]);
    expect(logits.dataSync()).toEqual(model.decoder.forward(data.input, state).logits.dataSync());
  });
});

it('has the parameters of both halves, and one mode', () => {
  const model = new EncoderDecoder(new SumEncoder(), new SumDecoder());
  expect(model.namedParameters().map(([name]) => name)).toEqual([
    'encoder.embedding.weight',
    'decoder.embedding.weight',
    'decoder.dense.weight',
    'decoder.dense.bias',
  ]);
  model.eval();
  expect([model.encoder.training, model.decoder.training]).toEqual([false, false]);
});

it('goes step by step as in one piece', () => {
  tf.tidy(() => {
    const model = new EncoderDecoder(new SumEncoder(), new SumDecoder());
    const data = batch();
    const whole = model.forward(data).dataSync();
    const first = model.decoder.forward(tf.slice(data.input, [0, 0], [2, 1]), model.encode(data));
    const second = model.decoder.forward(tf.slice(data.input, [0, 1], [2, 1]), first.state);
    const steps = tf.concat([first.logits, second.logits], 1).dataSync();
    steps.forEach((value, i) => expect(value).toBeCloseTo(whole[i]!, 5));
  });
});
