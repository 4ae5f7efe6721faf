// Dropout between recurrent layers, and training steps that leave memory flat.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { valueAndGrads } from '../autograd/index.ts';
import { crossEntropy } from '../losses/index.ts';
import { Adam, clipByGlobalNorm } from '../optim/index.ts';
import { Rng } from '../random/index.ts';
import { Embedding, GRU, LSTM, Linear, RNN } from './index.ts';

describeOnBackends('recurrent layers', () => {
  it('drop between layers in training, the same for the same generator state', () => {
    const rng = new Rng(5);
    const lstm = new LSTM(3, 4, { numLayers: 2, dropout: 0.5, rng });
    const x = pattern([2, 5, 3]);
    const run = () => tf.tidy(() => lstm.forward(x).output.dataSync().slice());
    const state = rng.state();
    const first = run();
    expect(run()).not.toEqual(first);
    rng.restore(state);
    expect(run()).toEqual(first);
    lstm.eval();
    const still = run();
    expect(run()).toEqual(still);
    x.dispose();
    lstm.dispose();
  });

  it('joins directions and gives the states of every layer', () => {
    tf.tidy(() => {
      const rnn = new RNN(3, 4, { numLayers: 2, bidirectional: true, rng: new Rng(1) });
      const { output, hN } = rnn.forward(pattern([2, 5, 3]));
      expect([output.shape, hN.shape]).toEqual([
        [2, 5, 8],
        [4, 2, 4],
      ]);
      rnn.dispose();
    });
  });

  it('learns, and keeps tensors and heap flat over 1,000 steps', () => {
    const rng = new Rng(11);
    const [embedding, gru, output] = [
      new Embedding(5, 4, { rng }),
      new GRU(4, 6, { numLayers: 2, dropout: 0.1, rng }),
      new Linear(6, 5, { rng }),
    ];
    const params = [embedding, gru, output].flatMap((module) => module.parameters());
    const optimizer = new Adam(params, { lr: 0.02 });
    const ids = tf.tensor2d(
      [
        [0, 1, 2],
        [3, 4, 0],
      ],
      [2, 3],
      'int32',
    );
    const lengths = tf.tensor1d([3, 2], 'int32');
    const step = () => {
      const { value, grads } = valueAndGrads(
        () =>
          crossEntropy(
            output.forward(gru.forward(embedding.forward(ids), { lengths }).output),
            ids,
          ) as tf.Scalar,
        params,
      );
      const clipped = clipByGlobalNorm(grads, 1).grads;
      optimizer.step(clipped);
      const loss = value.dataSync()[0] as number;
      tf.dispose([value, ...clipped]);
      return loss;
    };
    const memory = () => {
      const { numTensors, numDataBuffers, heapBytes, heapReservedBytes } = tf.memory() as tf.MemoryInfo & {
        heapBytes?: number;
        heapReservedBytes?: number;
      };
      return { numTensors, numDataBuffers, heapBytes, heapReservedBytes };
    };
    const first = step();
    step();
    const before = memory();
    let last = 0;
    const composed = ['cpu', 'tensorflow'].includes(tf.getBackend()); // slow: operation by operation
    const steps = composed ? 40 : 998;
    for (let i = 0; i < steps; i++) last = step();
    expect(memory()).toEqual(before);
    expect(last).toBeLessThan(composed ? first : first / 3);
    tf.dispose([ids, lengths]);
    optimizer.dispose();
    for (const module of [embedding, gru, output]) module.dispose();
  });
});
