// The GRU encoder-decoder: shapes, padding, search steps equal to teacher forcing, learning, no leaks.
import { Adam, Rng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../search/index.ts';
import { translationLoss } from '../translation/index.ts';
import { Seq2Seq, Seq2SeqEncoder, TeacherForcing, scheduledSampling } from './index.ts';

const config = { vocabSize: 11, embedSize: 8, hiddenSize: 8, numLayers: 2 };
const ints = (values: number[][]) => tf.tensor2d(values, undefined, 'int32');

function batch() {
  return {
    source: ints([
      [3, 4, 5, 2],
      [6, 2, 0, 0],
    ]),
    sourceLens: tf.tensor1d([4, 2], 'int32'),
    input: ints([
      [1, 5, 4, 3],
      [1, 6, 0, 0],
    ]),
    labels: ints([
      [5, 4, 3, 2],
      [6, 2, 0, 0],
    ]),
  };
}

describe('Seq2Seq', () => {
  beforeAll(() => useBackend());

  it('gives logits for every target step and does not see padding', () => {
    tf.tidy(() => {
      const model = new Seq2Seq(config, { rng: new Rng(1) });
      const data = batch();
      const logits = model.forward(data);
      expect(logits.shape).toEqual([2, 4, 11]);
      const short = model.forward({
        ...data,
        source: ints([[6, 2]]),
        sourceLens: tf.tensor1d([2], 'int32'),
        input: ints([[1, 6]]),
      });
      const same = tf.slice(logits, [1, 0, 0], [1, 2, 11]).dataSync();
      short.dataSync().forEach((value, i) => expect(value).toBeCloseTo(same[i]!, 5));
    });
  });

  it('decodes step by step what teacher forcing gives', async () => {
    const model = new Seq2Seq(config, { rng: new Rng(2) });
    model.eval();
    const search = model.searchDecoder();
    const data = batch();
    const whole = tf.tidy(() => model.forward(data)).arraySync() as number[][][];
    let state = await search.start([
      [3, 4, 5, 2],
      [6, 2],
    ]);
    for (const [t, tokens] of [
      [1, 1],
      [5, 6],
    ].entries()) {
      const result = await search.step(state, Int32Array.from(tokens));
      result.logits.forEach((value, i) =>
        expect(value).toBeCloseTo(whole[Math.floor(i / 11)]![t]![i % 11]!, 5),
      );
      state = result.state;
    }
    state = await search.reorder(state, Int32Array.of(1, 1, 0));
    const { logits } = await search.step(state, Int32Array.of(0, 0, 4));
    expect(logits).toHaveLength(33);
    expect(logits.slice(0, 11)).toEqual(logits.slice(11, 22));
  });

  it('learns two sentences by heart, leaks nothing, and beam search finds them', async () => {
    const model = new Seq2Seq(config, { rng: new Rng(3) });
    const optimizer = new Adam(model.parameters(), { lr: 0.02 });
    const data = batch();
    let first = 0;
    let last = 0;
    let before = 0;
    for (let step = 0; step < 120; step++) {
      const { value, grads } = valueAndGrads(
        () => translationLoss(model, data, { pad: 0 }),
        model.parameters(),
      );
      optimizer.step(grads);
      last = value.dataSync()[0]!;
      tf.dispose([value, ...grads]);
      if (step === 0) [first, before] = [last, tf.memory().numTensors];
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(last).toBeLessThan(first / 5);
    model.eval();
    const results = await beamSearch(
      model.searchDecoder(),
      [
        [3, 4, 5, 2],
        [6, 2],
      ],
      { bos: 1, eos: 2, beamSize: 2, maxLength: 8 },
    );
    expect(results.map(({ hypotheses }) => hypotheses[0]!.tokens.filter((token) => token !== 2))).toEqual([
      [5, 4, 3],
      [6],
    ]);
  });

  it('decodes without dropout even in training mode, and stays in it', async () => {
    const model = new Seq2Seq({ ...config, dropout: 0.5 }, { rng: new Rng(4) });
    const decode = () => beamSearch(model.searchDecoder(), [[3, 2]], { bos: 1, eos: 2, maxLength: 5 });
    model.encoder.eval();
    expect(await decode()).toEqual(await decode());
    expect([model.training, model.encoder.training, model.decoder.training]).toEqual([true, false, true]);
  });

  it('refuses an odd size for two directions, no units, and unknown source tokens', () => {
    const make = () => new Seq2SeqEncoder(5, 3, 7, { bidirectional: true, rng: new Rng(1) });
    expect(make).toThrow('Seq2SeqEncoder: hiddenSize must be even for two directions, got 7');
    const empty = () => new Seq2Seq({ ...config, hiddenSize: 0 }, { rng: new Rng(1) });
    expect(empty).toThrow('GRU: hiddenSize must be a positive integer, got 0');
    const search = new Seq2Seq(config, { rng: new Rng(1) }).searchDecoder();
    expect(() => search.start([[3, 2], [11]])).toThrow('sources must be from 0 to 10, got 11');
  });
});

describe('scheduledSampling', () => {
  beforeAll(() => useBackend());

  it('is teacher forcing at 1, and the decoder left to itself at 0', () => {
    tf.tidy(() => {
      const model = new Seq2Seq(config, { rng: new Rng(5) });
      const data = batch();
      const options = { rng: new Rng(1) };
      const forced = scheduledSampling(model, data, { ...options, teacherForcing: 1 }).dataSync();
      model
        .forward(data)
        .dataSync()
        .forEach((value, i) => expect(forced[i]).toBeCloseTo(value, 5));
      const free = scheduledSampling(model, data, { ...options, teacherForcing: 0 });
      const own = tf.argMax(free, 2).arraySync() as number[][];
      const input = ints(own.map(([a, b, c]) => [1, a!, b!, c!]));
      const again = model.forward({ ...data, input }).dataSync();
      free.dataSync().forEach((value, i) => expect(again[i]).toBeCloseTo(value, 5));
    });
  });

  it('mixes by its generator, trains, and leaks nothing', () => {
    const model = new Seq2Seq(config, { rng: new Rng(6) });
    const optimizer = new Adam(model.parameters(), { lr: 0.02 });
    const data = batch();
    const rng = new Rng(2);
    const losses: number[] = [];
    let before = 0;
    for (let step = 0; step < 40; step++) {
      const { value, grads } = valueAndGrads(() => {
        const logits = scheduledSampling(model, data, { teacherForcing: 0.5, rng });
        return translationLoss(logits, data, { pad: 0 });
      }, model.parameters());
      optimizer.step(grads);
      losses.push(value.dataSync()[0]!);
      tf.dispose([value, ...grads]);
      if (step === 0) before = tf.memory().numTensors;
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    const once = () =>
      tf.tidy(() => scheduledSampling(model, data, { teacherForcing: 0.5, rng: new Rng(3) }).dataSync());
    expect(once()).toEqual(once());
    expect(() => scheduledSampling(model, data, { teacherForcing: 2, rng })).toThrow('from 0 to 1, got 2');
  });
});

describe('TeacherForcing', () => {
  beforeAll(() => useBackend());

  it('is the model itself at 1, scheduled sampling below, and goes on from a checkpoint', () => {
    tf.tidy(() => {
      const model = new Seq2Seq(config, { rng: new Rng(7) });
      const data = batch();
      const forcing = (teacherForcing: number) =>
        new TeacherForcing(model, { teacherForcing, rng: new Rng(8) });
      expect(forcing(1).logits(data).dataSync()).toEqual(model.forward(data).dataSync());
      const free = scheduledSampling(model, data, { teacherForcing: 0, rng: new Rng(1) }).dataSync();
      expect(forcing(0).logits(data).dataSync()).toEqual(free);
      const mixed = forcing(0.5);
      const kept = JSON.stringify(mixed.state());
      const first = mixed.logits(data).dataSync();
      const resumed = forcing(0.5);
      resumed.logits(data);
      resumed.restore(JSON.parse(kept));
      expect(resumed.logits(data).dataSync()).toEqual(first);
      expect(() => forcing(-1)).toThrow('teacherForcing must be from 0 to 1, got -1');
    });
  });
});
