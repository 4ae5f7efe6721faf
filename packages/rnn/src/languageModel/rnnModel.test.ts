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

describe('RNNModel', () => {
  beforeAll(() => useBackend());
  const sizes = { vocabSize: 5, hiddenSize: 4 };

  it('shares one matrix when embeddings are tied, and loads either name', () => {
    const model = new RNNModel({ ...sizes, embedSize: 4, tiedEmbeddings: true }, { rng: new Rng(1) });
    const state = model.stateDict();
    expect(state['embedding.weight']).toBe(state['linear.weight']);
    expect(model.parameters()).toHaveLength(6);
    const { 'linear.weight': _, ...others } = state;
    expect(model.loadStateDict(others).missing).toEqual([]);
    const make = () => new RNNModel({ ...sizes, embedSize: 3, tiedEmbeddings: true }, { rng: new Rng(1) });
    expect(make).toThrow("embedSize of tied embeddings must be the recurrent output's size 4, got 3");
  });

  it('drops after the embedding and before the map in training only', () => {
    tf.tidy(() => {
      const model = new RNNModel({ ...sizes, embedSize: 3, dropout: 0.5 }, { rng: new Rng(1) });
      const ids = tf.tensor2d([[1, 2, 3]], undefined, 'int32');
      const run = () => model.forward(ids)[0].dataSync();
      expect(run()).not.toEqual(run());
      model.eval();
      expect(run()).toEqual(run());
    });
  });

  it('sees the future in both directions, and only then', () => {
    tf.tidy(() => {
      for (const bidirectional of [false, true]) {
        const model = new RNNModel({ ...sizes, cell: 'lstm', bidirectional }, { rng: new Rng(1) });
        const first = (last: number) =>
          tf.slice(model.forward(tf.tensor2d([[1, 2, last]], undefined, 'int32'))[0], [0, 0, 0], [1, 1, 5]);
        const same = tf.all(tf.equal(first(3), first(4))).dataSync()[0] === 1;
        expect(same).toBe(!bidirectional);
        expect(model.beginState(2).h.shape).toEqual([bidirectional ? 2 : 1, 2, 4]);
      }
    });
  });

  it.each([
    [{ cell: 'x' as 'rnn' }, 'RNNModel: cell must be a known one, got "x"'],
    [{ hiddenSize: 0 }, 'RNNModel: hiddenSize must be an integer of at least 1, got 0'],
    [{ vocabSize: 1.5 }, 'RNNModel: vocabSize must be an integer of at least 1, got 1.5'],
    [{ embedSize: -1 }, 'RNNModel: embedSize must be an integer of at least 1, got -1'],
    [{ numLayers: 0 }, 'RNNModel: numLayers must be an integer of at least 1, got 0'],
    [{ dropout: 2 }, 'dropout must be'],
  ])('refuses %o', (change, message) => {
    expect(() => new RNNModel({ ...sizes, ...change }, { rng: new Rng(1) })).toThrow(message);
  });
});
