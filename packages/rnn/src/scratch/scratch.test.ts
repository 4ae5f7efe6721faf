// Cells written out by hand: equal to the fused layers, and trainable by the book's loop.
import { Adam, Rng, crossEntropy, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LanguageModelState, RNNModel, TruncatedBptt } from '../languageModel/index.ts';
import { SeqDataLoader, Vocab } from '../text/index.ts';
import {
  type ScratchCell,
  RNNModelScratch,
  gru,
  gruScratch,
  lstmScratch,
  predictCh8,
  rnnScratch,
  trainCh8,
  trainEpochCh8,
} from './index.ts';

const [vocabSize, hiddenSize] = [5, 6];
const gruAfter: ScratchCell = {
  ...gruScratch,
  forward: (inputs, state, params) => gru(inputs, state, params, { resetAfter: true }),
};
const ids = () =>
  tf.tensor2d(
    [
      [1, 2, 3, 4],
      [0, 4, 2, 2],
    ],
    undefined,
    'int32',
  );

/** A model by hand with larger weights than its first ones, and the fused model with the same. */
function twins(name: 'rnn' | 'gru' | 'lstm', cell: ScratchCell, gates: string[]) {
  const byHand = new RNNModelScratch(vocabSize, hiddenSize, cell, { rng: new Rng(1) });
  const rng = new Rng(2);
  for (const variable of byHand.parameters()) {
    const values = new Float32Array(variable.size);
    rng.fillNormal(values, 0, 0.5);
    variable.assign(tf.tensor(values, variable.shape));
  }
  const { params } = byHand;
  const stacked = (prefix: string) =>
    tf.concat(
      gates.map((gate) => tf.transpose(params[prefix + gate]!)),
      0,
    );
  const biases = tf.concat(gates.map((gate) => params[`b_${gate}`]!));
  const fused = new RNNModel({ vocabSize, hiddenSize, cell: name }, { rng: new Rng(3) });
  fused.loadStateDict({
    'rnn.weight_ih_l0': stacked('W_x'),
    'rnn.weight_hh_l0': stacked('W_h'),
    'rnn.bias_ih_l0': biases,
    'rnn.bias_hh_l0': tf.zerosLike(biases),
    'linear.weight': tf.transpose(params['W_hq']!),
    'linear.bias': params['b_q']!,
  });
  return { byHand, fused };
}

const expectClose = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  const wanted = expected.dataSync();
  actual.dataSync().forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5));
};

it('refuses a model without units', () => {
  const make = () => new RNNModelScratch(5, 0, rnnScratch, { rng: new Rng(1) });
  expect(make).toThrow('RNNModelScratch: numHiddens must be an integer of at least 1, got 0');
});

describe.each([
  ['rnn', rnnScratch, ['h']],
  ['gru', gruAfter, ['r', 'z', 'h']],
  ['lstm', lstmScratch, ['i', 'f', 'c', 'o']],
] as ['rnn' | 'gru' | 'lstm', ScratchCell, string[]][])('%s by hand', (name, cell, gates) => {
  beforeAll(() => useBackend());

  it('equals the fused layer: logits, states, all gradients, from a state too', () => {
    tf.tidy(() => {
      const { byHand, fused } = twins(name, cell, gates);
      const first = byHand.forward(ids())[1];
      const second = fused.forward(ids())[1];
      const [logits, state] = byHand.forward(ids(), first);
      const [expected, wanted] = fused.forward(ids(), second);
      expectClose(logits, expected);
      expectClose(state.h, wanted.h);
      if (wanted.c !== undefined) expectClose(state.c!, wanted.c);
      const labels = tf.tensor2d([0, 1, 2, 3, 4, 3, 2, 1], [2, 4], 'int32');
      const gradients = (model: RNNModel | RNNModelScratch, start: LanguageModelState | undefined) => {
        const loss = () => crossEntropy(model.forward(ids(), start)[0], labels) as tf.Scalar;
        const { grads } = valueAndGrads(loss, model.parameters());
        return new Map(model.namedParameters().map(([name], i) => [name, grads[i]!]));
      };
      for (const [start, same] of [[], [first, second]]) {
        const ours = gradients(byHand, start);
        const theirs = gradients(fused, same);
        const of = (name: string) => ours.get(`params.${name}`)!;
        const joined = (prefix: string) =>
          tf.concat(
            gates.map((gate) => tf.transpose(of(prefix + gate))),
            0,
          );
        expectClose(joined('W_x'), theirs.get('rnn.weight_ih_l0')!);
        expectClose(joined('W_h'), theirs.get('rnn.weight_hh_l0')!);
        expectClose(tf.concat(gates.map((gate) => of(`b_${gate}`))), theirs.get('rnn.bias_ih_l0')!);
        expectClose(tf.transpose(of('W_hq')), theirs.get('linear.weight')!);
        expectClose(of('b_q'), theirs.get('linear.bias')!);
        expect(ours.size).toBe(3 * gates.length + 2);
      }
    });
  });

  it('learns by the book’s loop, with carried state, and leaks nothing', async () => {
    const text = 'the time traveller '.repeat(4);
    const vocab = new Vocab(Array.from(text));
    const options = { batchSize: 2, numSteps: 6, rng: new Rng(5) };
    const loader = new SeqDataLoader(vocab.indices(text), options);
    const model = new RNNModelScratch(vocab.size, 12, cell, { rng: new Rng(4) });
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    const lr = name === 'rnn' ? 1 : 2;
    const last = await trainCh8(model, loader, { lr, numEpochs: 3, onEpoch: (_, ppl) => seen.push(ppl) });
    expect(tf.memory().numTensors).toBe(before);
    expect(seen).toHaveLength(3);
    expect(seen[2]).toBe(last);
    expect(last).toBeLessThan(seen[0]!);
    expect(await predictCh8('the ', 5, model, vocab)).toMatch(/^the .{5}$/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it("the book's GRU resets the state before the product, PyTorch's after it", async () => {
  await useBackend();
  tf.tidy(() => {
    // Two units that W_hh swaps, so that (R ⊙ H) W and R ⊙ (H W) differ; Z is ½.
    const none = tf.zeros([2, 2]);
    const zeros = tf.zeros([2]);
    const biases = { b_z: zeros, b_r: tf.tensor1d([1, -1]), b_h: zeros, b_q: zeros };
    const inputs = { W_xz: none, W_xr: none, W_xh: none, W_hz: none, W_hr: none, W_hq: none };
    const params = { ...inputs, ...biases, W_hh: tf.tensor2d([0, 1, 1, 0], [2, 2]) } as never;
    const H = tf.tensor2d([[1, 0.5]]);
    const [left, right] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))]; // R
    const next = (resetAfter: boolean) => gru([tf.zeros([1, 2])], [H], params, { resetAfter })[1][0]!;
    const expected = (first: number, second: number) =>
      tf.tensor2d([[(1 + Math.tanh(first * 0.5)) / 2, (0.5 + Math.tanh(second * 1)) / 2]]);
    expectClose(next(false), expected(right, left));
    expectClose(next(true), expected(left, right));
  });
});

describe('theta', () => {
  it.each([0.01, 0.05])('scales the gradients down to a norm of %d', async (theta) => {
    await useBackend();
    const corpus = [1, 2, 3, 4, 0, 1, 2, 2, 0, 3, 4, 1]; // one batch, wherever it starts
    const loader = new SeqDataLoader(corpus, { batchSize: 1, numSteps: 6, rng: new Rng(1) });
    const model = new RNNModelScratch(vocabSize, hiddenSize, rnnScratch, { rng: new Rng(2) });
    const before = model.parameters().map((variable) => variable.dataSync().slice());
    const lr = 3;
    await trainCh8(model, loader, { lr, numEpochs: 1, theta });
    const squares = model
      .parameters()
      .flatMap((variable, i) =>
        Array.from(variable.dataSync(), (value, k) => ((value - before[i]![k]!) / lr) ** 2),
      );
    expect(Math.sqrt(squares.reduce((a, b) => a + b, 0))).toBeCloseTo(theta, 5); // one step of SGD
  });
});

it('trains a pass at a time with any optimizer, and tells perplexity and speed', async () => {
  await useBackend();
  const text = 'the time traveller '.repeat(4);
  const vocab = new Vocab(Array.from(text));
  const loader = new SeqDataLoader(vocab.indices(text), { batchSize: 2, numSteps: 6, rng: new Rng(5) });
  const model = new RNNModelScratch(vocab.size, 12, rnnScratch, { rng: new Rng(4) });
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const bptt = new TruncatedBptt(model);
  const passes = [];
  for (let epoch = 0; epoch < 3; epoch++)
    passes.push(await trainEpochCh8(model, loader, { optimizer, bptt }));
  bptt.reset();
  expect(passes[2]!.perplexity).toBeLessThan(passes[0]!.perplexity);
  expect(passes[0]!.tokensPerSecond).toBeGreaterThan(0);
});
