// The train mode's parts that need no browser: scales and ticks fit their values.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyTrainEvent, type TrainRun } from '../../api/train.ts';
import { scaleOf, ticksOf } from './scale.ts';

test('values and ticks lie within the chart, in order', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.boolean(), (some, log) => {
      const scale = scaleOf(some, [200, 10], log);
      const ticks = ticksOf(scale);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThan(9);
      for (const value of [...some, ...ticks]) {
        expect(scale.at(value)).toBeGreaterThan(9.99);
        expect(scale.at(value)).toBeLessThan(200.01);
      }
      expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    }),
    { examples: [[[99999.99999999975, 99999.99999999977], true]] },
  );
  expect(ticksOf(scaleOf([0, 4], [100, 0]))).toEqual([0, 1, 2, 3, 4]);
  expect(ticksOf(scaleOf([2, 900], [100, 0], true))).toEqual([2, 10, 50, 200]);
});

test('a resumed run draws the steps after its checkpoint again, not twice', () => {
  const point = (step: number, loss: number) => ({
    type: 'train' as const,
    point: { step, loss },
    elapsed: step,
  });
  const empty = { train: [], heldOut: [] } as unknown as TrainRun;
  const run = [point(1, 3), point(2, 2), point(3, 1), point(2, 2.5)].reduce(applyTrainEvent, empty);
  expect(run.train).toEqual([
    { step: 1, loss: 3 },
    { step: 2, loss: 2.5 },
  ]);
  expect(run).toMatchObject({ step: 2, elapsed: 2 });
});
