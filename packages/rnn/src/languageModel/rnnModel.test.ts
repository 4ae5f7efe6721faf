// The recurrent language model: state carried on, learning a rhythm by heart.
import { Adam, Rng, crossEntropy, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RNNModel } from './rnnModel.ts';

describe.each(['rnn', 'gru', 'lstm'] as const)('RNNModel (%s)', (cell) => {
  beforeAll(() => useBackend());

  it('goes on from a state as if the sequence were one', () => {
    tf.tidy(() => {
      const model = new RNNModel({ vocabSize: 5, hiddenSize: 8, cell, numLayers: 2 }, { rng: new Rng(1) });
      const ids = tf.tensor2d([[1, 2, 3, 4, 0, 1]], undefined, 'int32');
      const [whole] = model.forward(ids);
      const [first, state] = model.forward(tf.slice(ids, [0, 0], [1, 2]));
      const [second] = model.forward(tf.slice(ids, [0, 2], [1, 4]), state);
      const joined = tf.concat([first, second], 1).dataSync();
      whole.dataSync().forEach((value, i) => expect(joined[i]).toBeCloseTo(value, 5));
    });
  });

  it('learns a rhythm by heart', () => {
    const model = new RNNModel({ vocabSize: 4, hiddenSize: 16, cell, embedSize: 6 }, { rng: new Rng(2) });
    const optimizer = new Adam(model.parameters(), { lr: 0.03 });
    const rhythm = Array.from({ length: 25 }, (_, i) => [0, 1, 0, 2, 3][i % 5]!);
    const ids = tf.tensor2d([rhythm.slice(0, 24)], undefined, 'int32');
    const labels = tf.tensor2d([rhythm.slice(1)], undefined, 'int32');
    const losses = Array.from({ length: 60 }, () => {
      const { value, grads } = valueAndGrads(
        () => crossEntropy(model.forward(ids)[0], labels) as tf.Scalar,
        model.parameters(),
      );
      optimizer.step(grads);
      const [loss] = value.dataSync();
      tf.dispose([value, grads]);
      return loss!;
    });
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.3);
  });
});
