// Module: names, sharing, state dicts, modes, generators. Book: chapter deep-learning-computation.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { expectClose, pattern } from '../../test/support/numeric.ts';
import { constant, initialize } from '../init/index.ts';
import { Rng } from '../random/index.ts';
import { Dropout, Embedding, GRU, Linear, Module, ModuleList, ReLU, Sequential, buffer } from './index.ts';

class Nested extends Module {
  rng = new Rng(7);
  first = new Linear(2, 3, { rng: this.rng });
  layers = [new Linear(3, 3, { rng: this.rng }), new ReLU()];
  heads = { a: new Linear(3, 1, { rng: this.rng, bias: false }) };
  shared = this.first;
  scale = buffer(tf.ones([1]));
  drop = new Dropout(0.5, { rng: new Rng(8) });
  size = 3;
  readonly #hidden = [1, 2];

  forward(x: tf.Tensor): tf.Tensor {
    return tf.mul(this.first.forward(x), this.#hidden.length);
  }
}

describeOnBackends('Module', () => {
  it('finds parameters, buffers and generators by walking its fields', () => {
    const before = tf.memory().numTensors;
    const model = new Nested();
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      'first.weight',
      'first.bias',
      'layers.0.weight',
      'layers.0.bias',
      'heads.a.weight',
    ]);
    expect(model.namedBuffers().map(([name]) => name)).toEqual(['scale']);
    expect(Object.keys(model.stateDict())).toEqual([
      'first.weight',
      'first.bias',
      'layers.0.weight',
      'layers.0.bias',
      'heads.a.weight',
      'shared.weight',
      'shared.bias',
      'scale',
    ]);
    expect(model.namedRngs().map(([name]) => name)).toEqual(['rng', 'drop.rng']);
    expect([...model.namedModules()].map(([name]) => name)).toEqual([
      '',
      'first',
      'layers.0',
      'layers.1',
      'heads.a',
      'drop',
    ]);
    expect(model.parameterCount()).toBe(6 + 3 + 9 + 3 + 3);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('switches modes and freezes', () => {
    const model = new Nested();
    expect(model.eval()).toBe(model);
    expect([...model.namedModules()].map(([, { training }]) => training)).toEqual(
      Array.from({ length: 6 }, () => false),
    );
    const x = pattern([4, 6]);
    expect(model.drop.forward(x)).toBe(x);
    const dropped = model.train().drop.forward(x);
    expect(dropped.dataSync().filter((value) => value === 0).length).toBeGreaterThan(0);
    model.first.freeze();
    expect(model.trainableParameters().length).toBe(3);
    expect(model.parameters().length).toBe(5);
    tf.dispose([x, dropped]);
    model.dispose();
  });

  it('evaluates and gives every module its own mode back, also after an error or a promise', async () => {
    const model = new Nested();
    const modes = () => [...model.namedModules()].map(([, { training }]) => training);
    model.drop.eval();
    const before = modes();
    const none = before.map(() => false);
    expect(before).not.toEqual(none);
    expect(model.evaluating(modes)).toEqual(none);
    expect(modes()).toEqual(before);
    const fail = () => {
      throw new Error('no luck');
    };
    expect(() => model.evaluating(fail)).toThrow('no luck');
    expect(modes()).toEqual(before);
    const later = model.evaluating(() => Promise.resolve().then(modes));
    expect(modes()).toEqual(none);
    expect(await later).toEqual(none);
    expect(modes()).toEqual(before);
    await expect(model.evaluating(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(modes()).toEqual(before);
    model.dispose();
  });

  it('applies a function from the leaves up (book, init-param)', () => {
    const order: string[] = [];
    const net = new Sequential(
      new Linear(2, 2, { rng: new Rng(1) }),
      new Sequential(new Linear(2, 1, { rng: new Rng(1) })),
    );
    net.apply((module) => {
      order.push(module.constructor.name);
      if (module instanceof Linear) initialize(module.weight, constant(42), new Rng(1));
    });
    expect(order).toEqual(['Linear', 'Sequential', 'Linear', 'Sequential']);
    expect([...(net.stateDict()['1.0.weight'] as tf.Tensor).dataSync()]).toEqual([42, 42]);
    net.dispose();
  });

  it('ties weights: two rows of True (book, parameters)', () => {
    const shared = new Linear(3, 3, { rng: new Rng(1) });
    const net = new Sequential(shared, new ReLU(), shared);
    expect(net.parameters().length).toBe(2);
    const state = net.stateDict();
    initialize(shared.weight, constant(100), new Rng(1));
    expect([...(state['2.weight'] as tf.Tensor).dataSync()]).toEqual([
      ...(state['0.weight'] as tf.Tensor).dataSync(),
    ]);
    // a file may hold only one of two names
    const { '2.weight': _, '2.bias': __, ...once } = state;
    expect(net.loadStateDict(once)).toEqual({ missing: [], unexpected: [] });
    net.dispose();
  });

  it('copies a state dict, all or nothing', () => {
    const [a, b] = [new Linear(2, 2, { rng: new Rng(1) }), new Linear(2, 2, { rng: new Rng(2) })];
    const before = tf.memory().numTensors;
    b.loadStateDict(a.stateDict());
    expect(b.weight.dataSync()).toEqual(a.weight.dataSync());
    initialize(a.weight, constant(0), new Rng(1));
    expect(b.weight.dataSync()).not.toEqual(a.weight.dataSync());
    b.loadStateDict({ weight: { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) } }, { strict: false });
    expect([...b.weight.dataSync()]).toEqual([1, 2, 3, 4]);
    const bias = { shape: [2], data: new Float32Array(2) };
    expect(() => b.loadStateDict({ wieght: bias, bias })).toThrow(
      'Linear.loadStateDict: the state dict must have no other names, got ["wieght"]; did you mean "weight"? (valid: weight, bias)',
    );
    expect(() => b.loadStateDict({ bias })).toThrow(
      'Linear.loadStateDict: the state dict must have all names; missing are, got ["weight"]',
    );
    expect(() => b.loadStateDict({ bias, weight: bias })).toThrow(
      "Linear.loadStateDict: weight must be [2, 2], got [2]; check the sizes in the model's config",
    );
    expect([...b.weight.dataSync()]).toEqual([1, 2, 3, 4]);
    expect(tf.memory().numTensors).toBe(before);
    a.dispose();
    b.dispose();
  });

  it('lists modules', () => {
    const list = new ModuleList([new ReLU()]);
    list.push(new Linear(1, 1, { rng: new Rng(1) }));
    expect([list.length, list.at(-1) === [...list][1]]).toEqual([2, true]);
    expect(Object.keys(list.stateDict())).toEqual(['1.weight', '1.bias']);
    list.dispose();
  });

  it('starts as PyTorch does', () => {
    const rng = new Rng(4);
    const linear = new Linear(16, 40, { rng });
    expect(Math.max(...linear.weight.dataSync().map(Math.abs))).toBeLessThanOrEqual(1 / 4);
    expect(Math.max(...linear.weight.dataSync().map(Math.abs))).toBeGreaterThan(0.24);
    const embedding = new Embedding(50, 8, { rng, paddingIdx: 3 });
    const { mean, variance } = tf.moments(embedding.weight);
    expectClose(mean, [0], 100);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 0);
    expect([...tf.slice(embedding.weight, [3, 0], [1, 8]).dataSync()]).toEqual(
      Array.from({ length: 8 }, () => 0),
    );
    const gru = new GRU(2, 9, { rng });
    expect(
      Math.max(...(gru.stateDict()['bias_hh_l0'] as tf.Tensor).dataSync().map(Math.abs)),
    ).toBeLessThanOrEqual(1 / 3);
    expect(() => new Embedding(3, 2, { rng, paddingIdx: 3 })).toThrow(
      'Embedding: paddingIdx must be in [0, 3), got 3; leave it out for none',
    );
    tf.dispose([mean, variance]);
    for (const module of [linear, embedding, gru]) module.dispose();
  });

  it('says what does not fit', () => {
    const gru = new GRU(28, 4, { rng: new Rng(1) });
    tf.tidy(() => {
      expect(() => gru.forward(tf.zeros([32, 28]))).toThrow(
        'GRU.forward: x must be [batch, steps, 28], got [32, 28]; add a batch axis',
      );
      expect(() => gru.forward(tf.zeros([2, 3, 28]), { h0: tf.zeros([2, 4]) })).toThrow(
        'GRU.forward: h0 must be [1, 2, 4], got [2, 4]',
      );
    });
    gru.dispose();
  });
});
