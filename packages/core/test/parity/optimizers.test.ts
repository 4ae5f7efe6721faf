// Optimizers, clipping and schedules against PyTorch: five steps each (golden/optimizers.py).
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectGolden, readGolden, unpack, type Packed } from './golden.ts';

interface Golden {
  start: Packed[];
  grads: Packed[][];
  cases: { optimizer: string; options: Record<string, number>; after: Packed[][] }[];
  clips: { maxNorm: number; norm: number; grads: Packed[] }[];
  schedules: { name: string; rates: number[] }[];
  plateau: { metrics: number[]; rates: number[] };
}

const golden = readGolden<Golden>('optimizers.json');
type Constructor = new (params: tf.Variable[], options: Record<string, number>) => core.Optimizer;

describeOnBackends('optimizers agree with PyTorch', () => {
  const variables = () => tf.tidy(() => golden.start.map((packed) => tf.variable(unpack(packed))));

  it.each(
    golden.cases.map((one): [string, (typeof golden.cases)[number]] => [
      `${one.optimizer} ${JSON.stringify(one.options)}`,
      one,
    ]),
  )('%s', (_, { optimizer: name, options, after }) => {
    const before = tf.memory().numTensors;
    const make = (params: tf.Variable[]) =>
      new ((core as unknown as Record<string, Constructor>)[name] as Constructor)(params, options);
    let params = variables();
    let optimizer = make(params);
    golden.grads.forEach((step, k) => {
      const grads = step.map(unpack);
      optimizer.step(grads);
      grads.forEach((grad, i) => expectGolden(`gradient ${i} is left alone`, grad, step[i] as Packed, 1e-7));
      params.forEach((param, i) =>
        expectGolden(`parameter ${i} after step ${k + 1}`, param, after[k]?.[i] as Packed),
      );
      tf.dispose(grads);
      if (k !== 2) return;
      // goes on the same from a saved state
      const copies = params.map((param) => tf.tidy(() => tf.variable(tf.clone(param))));
      const next = make(copies);
      next.loadStateDict(optimizer.stateDict());
      optimizer.dispose();
      tf.dispose(params);
      [params, optimizer] = [copies, next];
    });
    optimizer.dispose();
    tf.dispose(params);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(golden.clips.map((clip): [number, (typeof golden.clips)[number]] => [clip.maxNorm, clip]))(
    'clips to %f',
    (maxNorm, clip) => {
      tf.tidy(() => {
        const { grads, norm } = core.clipByGlobalNorm((golden.grads[0] as Packed[]).map(unpack), maxNorm);
        expect(Math.abs(norm / clip.norm - 1)).toBeLessThan(1e-5);
        grads.forEach((grad, i) => expectGolden(`gradient ${i}`, grad, clip.grads[i] as Packed));
      });
    },
  );
});

describe('schedules agree with PyTorch', () => {
  const schedules: Record<string, core.Schedule> = {
    step: core.factorSchedule({ factor: 0.5, every: 3 }),
    multiStep: core.multiStepSchedule([2, 5], 0.1),
    cosine: core.cosineSchedule({ total: 8, final: 0.1 }),
    polynomial: core.polynomialSchedule({ total: 8, power: 2 }),
    linear: core.linearSchedule({ total: 8, final: 0.0001 }),
    exponential: core.exponentialSchedule(-Math.log(0.8)),
  };

  it.each(golden.schedules.map((one): [string, number[]] => [one.name, one.rates]))('%s', (name, rates) => {
    const schedule = schedules[name] as core.Schedule;
    // PyTorch's cosine goes up again after its end; ours stays there
    const shown = name === 'cosine' ? 9 : rates.length;
    rates.slice(0, shown).forEach((rate, step) => expect(0.2 * schedule(step)).toBeCloseTo(rate, 7));
  });

  it('reduces on a plateau', () => {
    const optimizer = new core.SGD([], { lr: 0.2 });
    const scheduler = new core.PlateauRate(optimizer, { factor: 0.5, patience: 1, cooldown: 1, minLr: 0.03 });
    const rates = golden.plateau.metrics.map((metric) => {
      scheduler.step(metric);
      return optimizer.lr;
    });
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(golden.plateau.rates[i] as number, 9));
  });
});
