// A recipe with `average`: what is exported, scored and said of it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TensorDict, RunFolder, readSafetensors, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { d2l } from '../../test/d2l.ts';

const recipe = fileURLToPath(new URL('../../../../recipes/tiny-emoji.yaml', import.meta.url));
const changes = {
  'model.dim': 16,
  'model.ffnDim': 16,
  'training.maxSteps': 6,
  'training.saveEvery': 3,
  'training.evaluateEvery': 3,
  'output.dtype': 'F32',
  'output.scoreSentences': 5,
};
let folder: string;
beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-average-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains with the mean of so many checkpoints; gives the run and what its model says of itself. */
async function train(average: number) {
  const out = join(folder, `average-${average}`);
  const sets = Object.entries({ ...changes, 'training.average': average });
  const args = sets.flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const { code, err } = await d2l('train', recipe, '--quiet', ...args, '--out', out);
  expect({ code, err }).toMatchObject({ code: 0 });
  const [metrics, card] = await Promise.all(
    ['metrics.json', 'README.md'].map((name) => readFile(join(out, 'model', name), 'utf8')),
  );
  const run = await RunFolder.open(out);
  const lastEvaluation = (await run.readLog()).findLast(({ kind }) => kind === 'evaluate')!;
  return {
    run,
    card: card!,
    lastLoss: lastEvaluation['loss'] as number,
    metrics: JSON.parse(metrics!) as { valid: { loss: number }; training: { weights: string } },
    weights: await readSafetensors(join(out, 'model', 'model.safetensors')),
  };
}

it('exports the mean of the checkpoints, validates that, and says so', async () => {
  const two = await train(2);
  expect(await two.run.checkpoints()).toEqual([3, 6]);
  const [early, late] = (await Promise.all(
    [3, 6].map((step) => readSafetensors(join(two.run.checkpointPath(step), 'model.safetensors'))),
  )) as [TensorDict, TensorDict];
  expect(Object.keys(two.weights)).toEqual(Object.keys(late));
  for (const [name, tensor] of Object.entries(two.weights)) {
    const [a, b] = [early[name]!.dataSync(), late[name]!.dataSync()];
    expect(a, name).not.toEqual(b);
    tensor.dataSync().forEach((value, i) => expect(value).toBeCloseTo((a[i]! + b[i]!) / 2, 6));
  }
  expect(two.metrics.training.weights).toBe('mean of the last 2 checkpoints');
  expect(two.card).toContain('seed 1; mean of the last 2 checkpoints;');
  expect(two.card).toContain(`Validation: loss ${two.metrics.valid.loss.toFixed(3)}`);

  // The last checkpoint alone has the loss of the last evaluation; their mean has its own.
  const one = await train(1);
  expect(one.metrics.training.weights).toBe('last');
  expect(one.metrics.valid.loss).toBeCloseTo(one.lastLoss, 6);
  expect(two.lastLoss).toBe(one.lastLoss);
  expect(Math.abs(two.metrics.valid.loss - two.lastLoss)).toBeGreaterThan(1e-3);
  tf.dispose([two.weights, one.weights, early, late]);
}, 60_000);
