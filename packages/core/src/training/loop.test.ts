// The loop's corners: windows of the log, ends, schedulers, frozen parameters, what is saved when, few batches.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { makeTask, type Points } from '../../test/trainingTask.ts';
import { useBackend } from '../backend/index.ts';
import { DataLoader, fromArray } from '../data/index.ts';
import { RunFolder } from '../files/index.ts';
import { PlateauRate } from '../optim/index.ts';
import { type Callback, type TrainerOptions, Trainer } from './index.ts';

beforeAll(async () => {
  await useBackend();
});

const values = (variables: tf.Tensor[]) => variables.map((variable) => Array.from(variable.dataSync()));
const newRun = async () => RunFolder.create(join(await temporaryFolder(), 'run'));

/** Trains a new task; gives the result and every step's loss. */
async function run(extra: Partial<TrainerOptions<Points>>, task = makeTask(), resume = false) {
  const losses: number[] = [];
  const note: Callback = { name: 'note', onStep: ({ loss }) => void losses.push(loss) };
  const { callbacks = [], ...rest } = extra;
  const trainer = new Trainer({ ...task.options, ...rest, callbacks: [note, ...callbacks] });
  const result = await trainer.fit({ resume });
  return { result, losses, trainer, task };
}

describe('steps', () => {
  it('logs the mean over what the batches of a window hold', async () => {
    const runFolder = await newRun();
    const { losses } = await run({ runFolder, logEvery: 2, maxSteps: 2 }, makeTask(1, 4, 6));
    const [record] = await runFolder.readLog();
    expect(record!['loss']).toBeCloseTo((4 * losses[0]! + 2 * losses[1]!) / 6, 6);
  });

  it('takes batches that weigh nothing as equals', async () => {
    const [none, one] = await Promise.all(
      [0, 1].map((weight) => run({ weight: () => weight, accumulate: 2, maxSteps: 2 })),
    );
    expect(none!.losses).toEqual(one!.losses);
    expect(values(none!.task.model.parameters())).toEqual(values(one!.task.model.parameters()));
  });

  it('leaves frozen parameters as they are', async () => {
    const task = makeTask();
    const { hidden, output } = task.model;
    hidden.freeze();
    const [frozen, free] = [values(hidden.parameters()), values(output.parameters())];
    await run({ maxSteps: 2, clipNorm: 1 }, task);
    expect(values(hidden.parameters())).toEqual(frozen);
    expect(values(output.parameters())).not.toEqual(free);
  });

  it('names the gradient norm when only gradients are not finite, and changes nothing', async () => {
    const task = makeTask();
    const before = values(task.model.parameters());
    const loss = (batch: Points) => tf.mean(tf.sqrt(tf.mul(0, task.options.loss(batch)))) as tf.Scalar; // 0, slope ∞
    await expect(run({ loss, clipNorm: 1, maxSteps: 1 }, task)).rejects.toThrow(
      /the gradient norm of step 1 must be finite, got NaN; every module has finite outputs/,
    );
    expect(values(task.model.parameters())).toEqual(before);
  });

  it('looks for NaN with the random numbers of the step that had it', async () => {
    const task = makeTask(1, 4, 32, 0.5);
    const seen: number[][] = [];
    const forward = task.model.output.forward.bind(task.model.output);
    task.model.output.forward = (x) => {
      seen.push(Array.from(x.dataSync()));
      return tf.div(forward(x), 0);
    };
    await expect(run({ maxSteps: 1 }, task)).rejects.toThrow(
      'the output of module output (Linear) holds infinity',
    );
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe('ends', () => {
  it('foresees the steps of passes whose last group is smaller', async () => {
    const { trainer, result } = await run({ accumulate: 3, epochs: 2 });
    expect([trainer.totalSteps, result.step]).toEqual([6, 6]); // 8 batches: 3, 3 and 2
  });

  it('counts passes from where the loader stands', async () => {
    const task = makeTask();
    for await (const batch of task.options.loader) expect(batch.y).toHaveLength(4);
    expect((await run({ epochs: 1 }, task)).result).toMatchObject({ step: 8, epoch: 1 });
  });

  it('refuses a loader without a batch', async () => {
    const loader = new DataLoader(fromArray<Points>([]), { batchSize: 2, collate: (items) => items[0]! });
    await expect(run({ loader, epochs: 1 })).rejects.toThrow('Trainer.fit: the loader must have a batch');
    await expect(run({ loader, epochs: 1, overfitBatches: 2 })).rejects.toThrow('must have a batch');
  });
});

describe('evaluation', () => {
  /** Evaluations that give these values, one a step. */
  const scores = (metric: string, ...given: number[]) => ({
    evaluate: () => ({ [metric]: given.shift()! }),
    evaluateEvery: 1,
    maxSteps: given.length,
    monitor: { metric, mode: metric === 'loss' ? ('min' as const) : ('max' as const) },
  });

  it('takes the highest of a metric that should rise for the best', async () => {
    const { result } = await run(scores('bleu', 10, 30, 20));
    expect(result.best).toEqual({ step: 2, metric: 'bleu', value: 30 });
    expect(result.metrics).toEqual({ bleu: 20 });
  });

  it('comes at the end of a training that took no step, too', async () => {
    const callbacks: Callback[] = [{ name: 'stop', onStart: (trainer) => trainer.stop('enough') }];
    const { result } = await run({ ...scores('loss', 3), callbacks });
    expect(result).toMatchObject({ step: 0, reason: 'enough', metrics: { loss: 3 } });
  });

  it('tells a plateau scheduler of evaluations and of nothing else', async () => {
    const task = makeTask();
    const told: unknown[][] = [];
    const scheduler = new PlateauRate(task.optimizer, { patience: 9 });
    const step = scheduler.step.bind(scheduler);
    scheduler.step = (...args) => {
      told.push(args);
      step(...args);
    };
    await run({ ...scores('loss', 3, 2), evaluateEvery: 2, maxSteps: 4, scheduler }, task);
    expect(told).toEqual([[3], [2]]);
  });

  it('saves every improvement, the end, and keeps the last two and the best', async () => {
    const runFolder = await newRun();
    await run({ ...scores('loss', 3, 1, 2, 4, 5), runFolder, saveEvery: 100 });
    expect(await runFolder.checkpoints()).toEqual([2, 5]);
    expect(await runFolder.best()).toEqual({ step: 2, metric: 'loss', value: 1 });
    const other = await newRun();
    const saved: string[] = [];
    const callbacks = [{ name: 'saved', onSave: (folder: string) => void saved.push(folder.slice(-1)) }];
    await run({ ...scores('loss', 3, 1, 2, 4, 5), runFolder: other, saveEvery: 3, callbacks });
    expect(saved).toEqual(['1', '2', '3', '5']);
    expect(await other.checkpoints()).toEqual([2, 3, 5]);
  });
});

describe('resuming', () => {
  it('saves the end and its time, and begins and ends where there is nothing left to do', async () => {
    const runFolder = await newRun();
    let time = 0;
    const clock = { now: () => (time += 1000) };
    const first = await run({ runFolder, saveEvery: 100, maxSteps: 5, ...clock });
    expect(await runFolder.checkpoints()).toEqual([5]);
    await rm(join(runFolder.path, 'best.json')); // as if killed before it was written
    const saved: string[] = [];
    const callbacks = [{ name: 'saved', onSave: (folder: string) => void saved.push(folder) }];
    const { result, losses } = await run({ runFolder, maxSteps: 5, callbacks, ...clock }, makeTask(), true);
    expect([losses, saved]).toEqual([[], []]);
    expect(await runFolder.best()).toEqual(first.result.best);
    expect(result.elapsed).toBeGreaterThan(first.result.elapsed - 5);
    expect(result.elapsed).toBeLessThan(first.result.elapsed + 5);
    const plain = await newRun();
    const evaluate = undefined as never; // without evaluations the last two are kept
    await run({ runFolder: plain, saveEvery: 1, maxSteps: 5, evaluate });
    expect(await plain.checkpoints()).toEqual([4, 5]);
  });

  it('begins the log again where there is no checkpoint', async () => {
    const runFolder = await newRun();
    runFolder.log({ kind: 'train', step: 1, loss: 9 });
    await run({ runFolder, logEvery: 1, maxSteps: 1 }, makeTask(), true);
    expect((await runFolder.readLog()).map(({ kind, step }) => [kind, step])).toEqual([
      ['train', 1],
      ['evaluate', 1],
    ]);
  });

  it.each([3, 8, 99])('repeats the same %i batches', async (overfitBatches) => {
    const options = { overfitBatches, saveEvery: 5, maxSteps: 20 };
    const whole = await run(options);
    const runFolder = await newRun();
    await run({ ...options, runFolder, maxSteps: 10 });
    const used = makeTask(); // its loader stands elsewhere
    for await (const batch of used.options.loader) expect(batch.y).toHaveLength(4);
    const rest = await run({ ...options, runFolder }, used, true);
    expect(rest.losses).toEqual(whole.losses.slice(10));
    expect(rest.result.epoch).toBe(whole.result.epoch);
  });
});
