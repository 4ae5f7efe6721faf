// Callbacks: what the progress bar prints, what the history keeps, the curves file.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporaryFolder.ts';
import { makeTask } from '../../../test/trainingTask.ts';
import { useBackend } from '../../backend/index.ts';
import {
  EarlyStopping,
  type EarlyStoppingOptions,
  PlotCurves,
  ProgressBar,
  Trainer,
  type TrainerView,
  formatDuration,
  formatNumber,
} from '../index.ts';

beforeAll(async () => {
  await useBackend();
});

function textStream(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 200 }), text: () => text };
}

describe('ProgressBar', () => {
  it('prints a line a record where there is no terminal', async () => {
    const { stream, text } = textStream(false);
    const task = makeTask();
    let time = 0;
    const now = () => (time += 250);
    await new Trainer({
      ...task.options,
      now,
      maxSteps: 4,
      logEvery: 2,
      evaluateEvery: 4,
      callbacks: [new ProgressBar({ stream, unit: 'points' })],
    }).fit();
    const lines = text().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^step 2\/4 \| epoch 1 \| loss [\d.]+ \| ppl [\d.]+ \| 16 points\/s \| ETA \d:\d\d$/,
    );
    expect(lines[2]).toMatch(/^step 4 \| evaluation: loss [\d.]+$/);
    task.dispose();
  });

  it('tells the time left by the steps since it began, not by those of earlier parts', () => {
    const { stream, text } = textStream(false);
    const bar = new ProgressBar({ stream });
    const trainer = { step: 100, epoch: 0, totalSteps: 120, elapsed: 5000 } as TrainerView;
    bar.onStart(trainer);
    const later: TrainerView = { ...trainer, step: 110, elapsed: 5060 };
    bar.onLog({ kind: 'train', step: 110, epoch: 0, elapsed: 5060, metrics: { loss: 1 } }, later);
    expect(text()).toMatch(/ETA 1:00\n$/);
  });

  it('draws a bar on a terminal and cleans up after an error', async () => {
    const { stream, text } = textStream(true);
    const task = makeTask();
    const failing = { name: 'failing', onStep: () => Promise.reject(new Error('stop here')) };
    const trainer = new Trainer({
      ...task.options,
      maxSteps: 4,
      callbacks: [new ProgressBar({ stream }), failing],
    });
    await expect(trainer.fit()).rejects.toThrow('stop here');
    expect(text()).toContain('1/4');
    expect(text()).toContain('loss');
    // The cursor is shown again.
    expect(text()).toContain('\u001B[?25h');
    task.dispose();
  });

  it('formats numbers and times', () => {
    expect([formatNumber(0.0123456), formatNumber(12345.6), formatNumber(Number.NaN)]).toEqual([
      '0.01235',
      '12350',
      'NaN',
    ]);
    expect([formatDuration(59.6), formatDuration(3725), formatDuration(-1)]).toEqual([
      '1:00',
      '1:02:05',
      '0:00',
    ]);
  });
});

describe('EarlyStopping', () => {
  /** How many evaluations it lets pass, in parts that each begin with the state of the one before. */
  function evaluations(values: number[], options: EarlyStoppingOptions, parts = values.length): number {
    let [stopped, count] = [false, values.length];
    let stopping = new EarlyStopping(options);
    const trainer = { stop: () => (stopped = true) } as unknown as TrainerView;
    values.forEach((bleu, i) => {
      if (i % parts === 0) {
        const state = stopping.state();
        stopping = new EarlyStopping(options);
        stopping.restore(state);
      }
      if (!stopped) stopping.onEvaluate({ bleu }, trainer);
      if (stopped && count === values.length) count = i + 1;
    });
    return count;
  }

  it.each([
    ['max', [1, 2, 2, 1, 3], 4],
    ['max', [1, 2, 3, 4, 5], 5],
    ['min', [3, 2, 2.5, 2, 1], 4],
  ] as const)('waits for a metric that should go to its %s: %j', (mode, values, expected) => {
    const options = { metric: 'bleu', mode, patience: 1 };
    expect(evaluations([...values], options)).toBe(expected);
    expect(evaluations([...values], options, 1)).toBe(expected);
  });
});

describe('PlotCurves', () => {
  it('leaves a picture of the losses', async () => {
    const folder = await temporaryFolder();
    const task = makeTask();
    await new Trainer({ ...task.options, epochs: 2, logEvery: 4, callbacks: [new PlotCurves(folder)] }).fit();
    const svg = await readFile(join(folder, 'curves.svg'), 'utf8');
    expect(svg).toContain('train loss');
    expect(svg).toContain('evaluate loss');
    task.dispose();
  });
});
