// Training runs in any state, for views that would take minutes to train; their shape is that of the API.
import type { Page } from 'playwright-core';
import {
  checkpointModel,
  trainDefaults,
  trainLimits,
  type TrainRun,
  type TrainStatus,
} from '../../../apps/playground/src/api/train.ts';
import type { ModelCard, ModelList } from '../../../apps/playground/src/api/types.ts';

const steps = (from: number, to: number, every: number) =>
  Array.from(
    { length: Math.max(0, Math.floor((to - from) / every) + 1) },
    (_, index) => from + index * every,
  );
const lossAt = (step: number, floor: number) => floor + (5.2 - floor) * Math.exp(-step / 70);

/** A run on the embedded pairs that has come to `step`. */
export const runOf = (status: TrainStatus, step: number, index = 0): TrainRun => ({
  id: `0a1b2c3d4e5${index}`,
  status,
  task: 'translate',
  data: 'emoji',
  dataSize: 1900,
  settings: { ...trainDefaults, learningRate: 0.005 },
  createdAt: Date.UTC(2026, 10, 26, 9, 30 - index),
  parameters: step === 0 ? null : 141_824,
  step,
  elapsed: step / 9,
  tokensPerSecond: 6200,
  train: steps(10, step, 10).map((at) => ({ step: at, loss: lossAt(at, 0.4) + 0.1 * Math.sin(at) })),
  heldOut: steps(40, step, 40).map((at) => ({
    step: at,
    loss: lossAt(at, 1.9),
    bleu: 24 - 24 * Math.exp(-at / 150),
  })),
  checkpoints: steps(40, step, 40),
  signature: 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.5.1',
  ...(status === 'failed'
    ? {
        error: {
          code: 'ERR_NUMERICS',
          message: 'Trainer: the loss is NaN at step 60; lower the learning rate',
        },
      }
    : {}),
});

const card = (run: TrainRun, step: number): ModelCard => ({
  id: checkpointModel(run.id, step),
  task: run.task,
  name: `transformer, step ${step}`,
  architecture: 'transformer',
  source: 'en',
  target: 'fr',
  parameters: run.parameters ?? 0,
  bytes: 567_296,
  data: 'emoji',
  metrics: [],
  decoding: {},
  shows: { attention: true, beamTree: true, probabilities: true },
});

/** Answers as a server that has these runs: the list, a stream that never tells anything, their models. */
export async function routeRuns(page: Page, runs: readonly TrainRun[]): Promise<void> {
  await page.route('**/api/v1/train', (route) =>
    route.request().method() === 'GET'
      ? route.fulfill({ json: { runs, limits: trainLimits } })
      : route.continue(),
  );
  await page.route('**/api/v1/train/*/events', () => {});
  await page.route('**/api/v1/models*', async (route) => {
    const list = (await (await route.fetch()).json()) as ModelList;
    const models = runs.flatMap((run) => run.checkpoints.map((step) => card(run, step)));
    await route.fulfill({ json: { ...list, models: [...list.models, ...models] } });
  });
  await page.route('**/api/v1/translate', (route) => {
    const { model } = route.request().postDataJSON() as { model: string };
    if (!model.startsWith('train/')) return route.continue();
    const result = {
      model,
      translation: 'visage de chat souriant',
      segments: [],
      timing: { queued: 0, firstToken: 4, total: 9 },
    };
    return route.fulfill({
      contentType: 'text/event-stream',
      body: `data: ${JSON.stringify({ type: 'done', ...result })}\n\n`,
    });
  });
}
