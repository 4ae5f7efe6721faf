// Carried state: losses of pieces are those of the whole, gradients stop between them, nothing leaks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Adam, Rng, RunFolder, Trainer, crossEntropy, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SeqDataLoader, type SequenceBatch, sequentialBatches } from '../text/index.ts';
import { RNNModel, TruncatedBptt, scoreText, sequenceTensors } from './index.ts';

const vocabSize = 5;
const corpus = Array.from({ length: 41 }, (_, i) => (i * i + 3 * i) % vocabSize);
const make = (cell: 'rnn' | 'gru' | 'lstm') =>
  new RNNModel({ vocabSize, hiddenSize: 6, numLayers: 2, cell }, { rng: new Rng(4) });
const batches = () => [...sequentialBatches(corpus, { batchSize: 2, numSteps: 5 })];

function lossAndGrads(bptt: TruncatedBptt, model: RNNModel, batch: SequenceBatch) {
  const { value, grads } = valueAndGrads(() => bptt.loss(batch), model.parameters());
  const result = { loss: value.dataSync()[0]!, grads: grads.map((grad) => Array.from(grad.dataSync())) };
  tf.dispose([value, ...grads]);
  return result;
}

describe.each(['rnn', 'gru', 'lstm'] as const)('TruncatedBptt (%s)', (cell) => {
  beforeAll(() => useBackend());

  it('gives the losses of the whole sequence, with gradients that stop between batches', () => {
    const model = make(cell);
    const bptt = new TruncatedBptt(model);
    const [first, second] = batches() as [SequenceBatch, SequenceBatch];
    lossAndGrads(bptt, model, first);
    const { loss, grads } = lossAndGrads(bptt, model, second);
    const state = tf.tidy(() => model.forward(sequenceTensors(first).ids)[1]); // outside of any tape
    const expected = valueAndGrads(() => {
      const { ids, labels } = sequenceTensors(second);
      return crossEntropy(model.forward(ids, state)[0], labels) as tf.Scalar;
    }, model.parameters());
    expect(loss).toBe(expected.value.dataSync()[0]);
    expect(grads).toEqual(expected.grads.map((grad) => Array.from(grad.dataSync())));
  });

  it('starts from zeros where a batch does not go on, and goes on after restoring', () => {
    const model = make(cell);
    const bptt = new TruncatedBptt(model);
    const [first, second] = batches() as [SequenceBatch, SequenceBatch];
    const fresh = lossAndGrads(bptt, model, { ...second, continues: false }).loss;
    lossAndGrads(bptt, model, first);
    const kept = JSON.parse(JSON.stringify(bptt.state())) as never;
    const carried = lossAndGrads(bptt, model, second).loss;
    expect(carried).not.toBe(fresh);
    const other = new TruncatedBptt(model);
    other.restore(kept);
    expect(lossAndGrads(other, model, second).loss).toBe(carried);
    other.reset();
    expect(other.state()).toBeNull();
    expect(lossAndGrads(other, model, second).loss).toBe(fresh);
  });

  it('leaks nothing', () => {
    const model = make(cell);
    const bptt = new TruncatedBptt(model);
    const before = tf.memory().numTensors;
    for (let pass = 0; pass < 5; pass++) for (const batch of batches()) lossAndGrads(bptt, model, batch);
    bptt.onEnd();
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('lets the trainer go on bit for bit from the middle of a pass', async () => {
  await useBackend();
  const folder = mkdtempSync(join(tmpdir(), 'bptt-'));
  const train = async (runFolder: RunFolder, maxSteps: number, resume = false) => {
    const model = make('lstm');
    const bptt = new TruncatedBptt(model);
    const trainer = new Trainer({
      model,
      optimizer: new Adam(model.parameters(), { lr: 0.01 }),
      loader: new SeqDataLoader(corpus, { batchSize: 2, numSteps: 4, rng: new Rng(1) }),
      loss: (batch) => bptt.loss(batch),
      callbacks: [bptt],
      runFolder,
      maxSteps,
      saveEvery: 3,
    });
    await trainer.fit({ resume });
    return model.parameters().map((variable) => Array.from(variable.dataSync()));
  };
  const whole = await train(await RunFolder.create(join(folder, 'whole')), 6);
  const broken = await RunFolder.create(join(folder, 'broken'));
  await train(broken, 3); // a pass has four or five steps
  expect(await train(broken, 6, true)).toEqual(whole);
  rmSync(folder, { recursive: true });
});

describe('scoreText', () => {
  beforeAll(() => useBackend());

  it('is the mean loss of all tokens but the first, however it is cut, and leaks nothing', async () => {
    const model = make('lstm');
    const whole = tf.tidy(() => {
      const ids = tf.tensor2d(corpus.slice(0, -1), [1, corpus.length - 1], 'int32');
      const labels = tf.tensor2d(corpus.slice(1), [1, corpus.length - 1], 'int32');
      return crossEntropy(model.forward(ids)[0], labels).dataSync()[0]!;
    });
    const before = tf.memory().numTensors;
    const modes = () => [...model.namedModules()].map(([, { training }]) => training);
    [...model.namedModules()].at(-1)![1].eval();
    for (const numSteps of [1, 7, 256]) {
      const score = await scoreText(model, corpus, { numSteps, characters: 80 });
      expect(score.tokens).toBe(40);
      expect(score.nats).toBeCloseTo(whole, 5);
      expect(score.perplexity).toBeCloseTo(Math.exp(whole), 4);
      expect(score.bits).toBeCloseTo(whole / Math.LN2, 5);
      expect(score.bitsPerCharacter).toBeCloseTo(score.bits / 2, 5);
    }
    const rows = await scoreText(model, corpus, { batchSize: 4 });
    expect(rows.tokens).toBe(40);
    expect(tf.memory().numTensors).toBe(before);
    expect(modes()).toEqual(modes().map((_, i, { length }) => i < length - 1));
    expect(model.training).toBe(true);
    await expect(scoreText(model, [1])).rejects.toThrow('there must be a token to predict, got 0');
  });
});
