// The trainer: order of events, ends, accumulation, exact resume, NaN reports, flat memory.
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { makeTask, type Points } from '../../test/trainingTask.ts';
import { useBackend } from '../backend/index.ts';
import { ShapeError } from '../errors/index.ts';
import { RunFolder, writeSafetensors } from '../files/index.ts';
import { PlateauRate } from '../optim/index.ts';
import {
  EarlyStopping,
  History,
  Trainer,
  averageCheckpoints,
  evaluateLoss,
  type Callback,
  type TrainerOptions,
} from './index.ts';

beforeAll(async () => {
  await useBackend();
});

const weightsOf = (task: ReturnType<typeof makeTask>) =>
  task.model.parameters().map((p) => Array.from(p.dataSync()));

async function run(extra: Partial<TrainerOptions<Points>> = {}, seed = 1) {
  const task = makeTask(seed);
  const trainer = new Trainer({ ...task.options, ...extra });
  const result = await trainer.fit();
  return { ...task, trainer, result };
}

describe('Trainer.fit', () => {
  it('learns, and says how it ended', async () => {
    const task = makeTask();
    const before = task.evaluate().loss;
    const { metrics, reason, step, epoch } = await new Trainer({ ...task.options, epochs: 12 }).fit();
    expect({ reason, step, epoch }).toEqual({ reason: 'epochs', step: 96, epoch: 12 });
    expect(metrics.loss!).toBeLessThan(before / 4);
    expect(task.model.training).toBe(false);
    task.dispose();
  });

  it('calls in order: step, log, evaluate, save', async () => {
    const events: string[] = [];
    const note = (event: string) => () => void events.push(event);
    const callback: Callback = {
      name: 'note',
      onStart: note('start'),
      onStep: note('step'),
      onLog: ({ kind }) => void events.push(kind),
      onEvaluate: note('evaluated'),
      onSave: (folder) => void events.push(`save_${folder.slice(-2)}`),
      onEnd: note('end'),
    };
    const runFolder = await RunFolder.create(join(await temporaryFolder(), 'run'));
    const task = await run({
      maxSteps: 4,
      logEvery: 2,
      evaluateEvery: 4,
      saveEvery: 2,
      runFolder,
      callbacks: [callback],
    });
    expect(events).toEqual(
      'start step step train save_02 step step train evaluate evaluated save_04 end'.split(' '),
    );
    expect(await readdir(join(runFolder.path, 'checkpoints/step-00000004'))).toEqual([
      'model.safetensors',
      'optimizer.safetensors',
      'state.json',
    ]);
    expect((await runFolder.readLog()).map(({ kind, step }) => [kind, step])).toEqual([
      ['train', 2],
      ['train', 4],
      ['evaluate', 4],
    ]);
    expect(await runFolder.best()).toMatchObject({ step: 4, metric: 'loss' });
    task.dispose();
  });

  it('ends at max steps, max time, or when a callback wants', async () => {
    let time = 0;
    const clock = () => (time += 100);
    const timed = await run({ maxTime: 2, now: clock });
    expect(timed.result.reason).toBe('max time');
    expect(timed.result.step).toBeGreaterThan(1);
    expect(timed.result.step).toBeLessThan(10);
    const stopped = await run({
      epochs: 9,
      callbacks: [{ name: 'x', onStep: (_, trainer) => trainer.stop('enough') }],
    });
    expect(stopped.result).toMatchObject({ reason: 'enough', step: 1 });
    expect((await run({ maxSteps: 3 })).result).toMatchObject({ reason: 'max steps', step: 3 });
  });

  it('accumulates to the same step as one large batch', async () => {
    const large = makeTask(1, 16, 32, 0);
    const small = makeTask(1, 4, 32, 0);
    await new Trainer({ ...large.options, maxSteps: 2, clipNorm: 0.5 }).fit();
    await new Trainer({ ...small.options, maxSteps: 2, clipNorm: 0.5, accumulate: 4 }).fit();
    weightsOf(small)
      .flat()
      .forEach((value, i) => expect(value).toBeCloseTo(weightsOf(large).flat()[i]!, 5));
    large.dispose();
    small.dispose();
  });

  it('weighs accumulated batches by what they hold', async () => {
    const fit = async (batchSize: number, extra: Partial<TrainerOptions<Points>> = {}) => {
      const task = makeTask(1, batchSize, 20, 0);
      const losses: number[] = [];
      const note: Callback = { name: 'note', onStep: ({ loss }) => void losses.push(loss) };
      await new Trainer({ ...task.options, maxSteps: 2, callbacks: [note], ...extra }).fit();
      const weights = weightsOf(task).flat();
      task.dispose();
      return { weights, losses };
    };
    const { weights: large, losses } = await fit(20);
    const distance = (weights: number[]) =>
      Math.max(...weights.map((value, i) => Math.abs(value - large[i]!)));
    const parts = await fit(16, { accumulate: 2 }); // 16 points and 4
    expect(distance(parts.weights)).toBeLessThan(1e-5);
    parts.losses.forEach((loss, step) => expect(loss).toBeCloseTo(losses[step]!, 6));
    expect(distance((await fit(16, { accumulate: 2, weight: () => 1 })).weights)).toBeGreaterThan(1e-3);
  });

  it('goes on bit for bit, log included', async () => {
    const folder = await temporaryFolder();
    const options = {
      epochs: 5,
      logEvery: 3,
      evaluateEvery: 4,
      saveEvery: 5,
      accumulate: 3,
      clipNorm: 0.5,
    } as const;
    const whole = await RunFolder.create(join(folder, 'whole'));
    const reference = await run({ ...options, runFolder: whole, callbacks: [new History()] });
    const broken = await RunFolder.create(join(folder, 'broken'));
    let task = makeTask();
    for (const stopAt of [1, 7, 8, 13, 99]) {
      task.dispose();
      task = makeTask();
      const history = new History();
      const stopper: Callback = {
        name: 'kill',
        onStep: ({ step }) => {
          if (step === stopAt) throw new Error('killed');
        },
      };
      const trainer = new Trainer({
        ...task.options,
        ...options,
        runFolder: broken,
        callbacks: [history, stopper],
      });
      const end = await trainer.fit({ resume: true }).catch((error: Error) => error.message);
      if (stopAt < 99) expect(end).toBe('killed');
      else {
        expect(end).toEqual(reference.result);
        expect(history.curves('evaluate loss')[0]!.x).toEqual([4, 8, 12, 15]);
      }
    }
    expect(weightsOf(task)).toEqual(weightsOf(reference));
    const logs = [whole, broken].map(({ path }) => readFile(join(path, 'log.jsonl'), 'utf8'));
    expect(await logs[1]).toBe(await logs[0]);
    expect(await broken.checkpoints()).toEqual(await whole.checkpoints());
    reference.dispose();
    task.dispose();
  });

  it('learns a few batches by heart', async () => {
    const { result, dispose, trainer } = await run({ overfitBatches: 1, maxSteps: 5 });
    expect(result.epoch).toBe(4);
    expect(trainer.totalSteps).toBe(5);
    dispose();
  });

  it('stops early, and lets a plateau scheduler see the metric', async () => {
    const task = makeTask();
    const losses = [3, 2, 2, 2, 2, 2, 2];
    const result = await new Trainer({
      ...task.options,
      scheduler: new PlateauRate(task.optimizer, { patience: 0, factor: 0.5 }),
      evaluate: () => ({ loss: losses.shift()! }),
      epochs: 7,
      callbacks: [new EarlyStopping({ patience: 2 })],
    }).fit();
    expect(result.reason).toBe('no better loss for 3 evaluations');
    expect(result.epoch).toBe(5);
    expect(task.optimizer.lr).toBeCloseTo(0.02 / 8);
    task.dispose();
  });

  it('never takes NaN for the best', async () => {
    const task = makeTask();
    const losses = [Number.NaN, 3, Number.NaN, 2];
    const evaluate = () => ({ loss: losses.shift()! });
    const { best } = await new Trainer({ ...task.options, evaluate, epochs: 4 }).fit();
    expect(best).toEqual({ step: 32, metric: 'loss', value: 2 });
    task.dispose();
  });

  it('names the module or parameter where NaN begins, and changes nothing', async () => {
    const task = makeTask();
    const forward = task.model.hidden.forward.bind(task.model.hidden);
    const bad = (x: tf.Tensor) => tf.div(forward(x), 0);
    task.model.hidden.forward = (x) => tf.sub(bad(x), bad(x));
    const before = weightsOf(task);
    const numTensors = tf.memory().numTensors;
    await expect(new Trainer({ ...task.options, epochs: 1 }).fit()).rejects.toThrow(
      /the loss of step 1 must be finite, got NaN; the output of module hidden \(Linear\) holds NaN/,
    );
    expect(weightsOf(task)).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
    task.dispose();

    const other = makeTask();
    other.model.output.bias!.assign(tf.tensor1d([Infinity]));
    await expect(new Trainer({ ...other.options, epochs: 1 }).fit()).rejects.toThrow(
      /parameter output.bias holds infinity/,
    );
    other.dispose();
  });

  it('refuses options that cannot work', () => {
    const { options, dispose } = makeTask();
    const make = (extra: object) => () => new Trainer({ ...options, ...extra });
    expect(make({})).toThrow(/an end must be given/);
    expect(make({ epochs: 0 })).toThrow(/epochs must be a positive integer, got 0/);
    expect(make({ epochs: 1, clipNorm: -1 })).toThrow(/clipNorm must be positive/);
    expect(make({ epochs: 1, evaluateEvery: 'step' })).toThrow(/evaluateEvery/);
    expect(make({ epochs: 1, callbacks: [new History(), new History()] })).toThrow(/different names/);
    dispose();
  });

  it('keeps memory flat over 1,000 steps', async () => {
    const task = makeTask();
    let first = 0;
    const watch: Callback = {
      name: 'watch',
      onStep: ({ step }) => {
        if (step === 1) first = tf.memory().numTensors;
        else if (tf.memory().numTensors !== first)
          throw new Error(`${tf.memory().numTensors} tensors at step ${step}`);
      },
    };
    const result = await new Trainer({
      ...task.options,
      maxSteps: 1000,
      clipNorm: 1,
      callbacks: [watch],
    }).fit();
    expect(result.step).toBe(1000);
    task.dispose();
  });
});

describe('averageCheckpoints', () => {
  it('is the mean of the weights', async () => {
    const runFolder = await RunFolder.create(join(await temporaryFolder(), 'run'));
    const { dispose } = await run({ maxSteps: 4, saveEvery: 2, runFolder });
    const before = tf.memory().numTensors;
    const folders = [2, 4].map((step) => runFolder.checkpointPath(step));
    const [mean, one, two] = [
      await averageCheckpoints(folders),
      ...(await Promise.all(folders.map((f) => averageCheckpoints([f])))),
    ];
    const name = 'hidden.weight';
    const expected = one![name]!.dataSync().map((x, i) => (x + two![name]!.dataSync()[i]!) / 2);
    mean[name]!.dataSync().forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 6));
    tf.dispose([mean, one!, two!]);
    expect(tf.memory().numTensors).toBe(before);
    await expect(averageCheckpoints([])).rejects.toThrow(/must be a checkpoint/);
    dispose();
  });

  const write = async (...models: Record<string, tf.Tensor>[]) => {
    const folder = await temporaryFolder();
    return Promise.all(
      models.map(async (tensors, i) => {
        await mkdir(join(folder, String(i)));
        await writeSafetensors(join(folder, String(i), 'model.safetensors'), tensors);
        tf.dispose(tensors);
        return join(folder, String(i));
      }),
    );
  };

  it('takes integers, which have no mean, from the last', async () => {
    const model = (weight: number, steps: number) => ({
      steps: tf.tensor1d([steps, steps + 1], 'int32'),
      weight: tf.tensor1d([weight, 0]),
    });
    const mean = await averageCheckpoints(await write(model(1, 10), model(2, 20), model(6, 31)));
    expect(mean['steps']!.dtype).toBe('int32');
    expect([...mean['steps']!.dataSync()]).toEqual([31, 32]);
    expect([...mean['weight']!.dataSync()]).toEqual([3, 0]);
    tf.dispose(mean);
  });

  it.each<[string, () => Record<string, tf.Tensor>, string]>([
    ['shape', () => ({ a: tf.ones([2]), b: tf.ones([1, 2]) }), 'b float32 [1, 2]'],
    ['type', () => ({ a: tf.ones([2], 'int32'), b: tf.ones([2, 1]) }), 'a int32 [2]'],
    ['name', () => ({ a: tf.ones([2]), c: tf.ones([2, 1]) }), 'c float32 [2, 1]'],
    ['further tensor', () => ({ a: tf.ones([2]), b: tf.ones([2, 1]), c: tf.ones([1]) }), 'c float32 [1]'],
    ['missing tensor', () => ({ a: tf.ones([2]) }), 'b float32 [2, 1]'],
  ])('refuses a model with another %s, and frees what it read', async (_, other, named) => {
    const folders = await write({ a: tf.ones([2]), b: tf.ones([2, 1]) }, other());
    const before = tf.memory().numTensors;
    const error: unknown = await averageCheckpoints(folders).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(
      `must hold the same tensors as the first checkpoint, got "${named}"`,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('evaluateLoss', () => {
  it('weighs batches', async () => {
    const batches = [
      { loss: 1, count: 3 },
      { loss: 5, count: 1 },
    ];
    const result = await evaluateLoss(
      batches,
      ({ loss }) => tf.scalar(loss),
      ({ count }) => count,
    );
    expect(result).toEqual({ loss: 2, perplexity: Math.exp(2) });
  });
});
